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
    IReadOnlyList<EntityMail> Taken, IReadOnlyList<EntityOperation> Operations, EntityCaller? Holder, EntityLock? Request);
