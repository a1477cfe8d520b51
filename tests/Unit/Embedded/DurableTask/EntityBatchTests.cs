using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>What an entity takes from its inbox: <c>s</c> signal, <c>A</c>/<c>B</c> a call of that orchestration, <c>LA</c> its lock, <c>RA</c> its release.</summary>
public sealed class EntityBatchTests
{
    [Theory]
    [InlineData("s s A", "", "0 1 2", "0 1 2", "")]
    [InlineData("s LA s B", "", "0 1", "0", "A")]
    [InlineData("s B A s A", "A", "2 4", "2 4", "A")]
    [InlineData("s A RA B", "A", "0 1 2 3", "1 0 3", "")]
    [InlineData("s RA A", "A", "0 1 2", "0 2", "")]
    [InlineData("LB s RA s", "A", "0 2", "", "B")]
    [InlineData("RB s", "A", "0", "", "A")]
    [InlineData("RB s", "", "0 1", "1", "")]
    [InlineData("s s s s", "", "0 1 2", "0 1 2", "")]
    [InlineData("s s s LA", "", "0 1 2", "0 1 2", "")]
    [InlineData("", "", "", "", "")]
    public void Of_Inbox_TakesWhatTheLockAllows(string inbox, string holder, string taken, string operations, string holderAfter)
    {
        var mail = inbox.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index().Select(entry => new EntityMail(entry.Index, "@x@y", null, Message(entry.Item, entry.Index))).ToList();

        var batch = EntityBatch.Of(mail, holder.Length == 0 ? null : Caller(holder), maxOperations: 3);

        Assert.Equal(taken, string.Join(' ', batch.Taken.Select(item => item.Id).Order()));
        Assert.Equal(operations, string.Join(' ', batch.Operations.Select(operation => operation.Name)));
        Assert.Equal(holderAfter, (batch.Request?.Caller ?? batch.Holder)?.InstanceId ?? "");
    }

    [Fact]
    public void Of_ReleaseOfAnEarlierLockOfTheSameOrchestration_KeepsTheLock()
    {
        var earlier = Caller("A") with { TaskId = 1 };

        var batch = EntityBatch.Of([new EntityMail(0, "@x@y", null, new EntityRelease(earlier))], Caller("A"), 3);

        Assert.Equal(Caller("A"), batch.Holder);
    }

    private static EntityCaller Caller(string name) => new(name[0], name, 1, 7);

    private static EntityMessage Message(string text, int index)
    {
        var name = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return text[0] switch
        {
            's' => new EntityOperation(name, null, null),
            'L' => new EntityLock(Caller(text[1..]), ["@x@y"], 0),
            'R' => new EntityRelease(Caller(text[1..])),
            _ => new EntityOperation(name, null, Caller(text) with { TaskId = 20 + index }),
        };
    }
}
