using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>
/// What an entity does in one turn: messages that it takes from its inbox, the operations among them, and at last a lock to be given. What a lock
/// keeps from being done stays in the inbox.
/// </summary>
/// <param name="Taken">What is taken, the operations and the request included.</param>
/// <param name="Operations">In the order in which they are carried out.</param>
/// <param name="Holder">Who has the entity locked, after what was given back.</param>
/// <param name="Request">A lock to be given once the operations are done.</param>
internal sealed record EntityBatch(
    IReadOnlyList<EntityMail> Taken, IReadOnlyList<EntityOperation> Operations, EntityCaller? Holder, EntityLock? Request)
{
    public static EntityBatch Of(IEnumerable<EntityMail> inbox, EntityCaller? holder, int maxOperations)
    {
        List<EntityMail> taken = [];
        List<EntityOperation> operations = [];
        EntityLock? request = null;
        Queue<EntityMail> rest = new(inbox), passedOver = [];

        // What was passed over came first, so it goes first once the lock is given back.
        while (operations.Count < maxOperations && request is null && ((holder is null && passedOver.TryDequeue(out var mail)) || rest.TryDequeue(out mail)))
        {
            switch (mail.Message)
            {
                case EntityRelease release:
                    taken.Add(mail);
                    holder = release.Holder == holder ? null : holder;
                    break;
                case EntityOperation operation when holder is null || holder.IsOfSameExecution(operation.Caller):
                    taken.Add(mail);
                    operations.Add(operation);
                    break;
                case EntityLock wanted when holder is null:
                    taken.Add(mail);
                    request = wanted;
                    break;
                default:
                    passedOver.Enqueue(mail);
                    break;
            }
        }

        return new EntityBatch(taken, operations, holder, request);
    }
}
