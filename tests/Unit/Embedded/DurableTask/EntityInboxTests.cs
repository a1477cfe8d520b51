using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>What an entity takes from its inbox: <c>s</c> signal, <c>A</c>/<c>B</c> a call of that orchestration, <c>LA</c> its lock, <c>RA</c> its release.</summary>
public sealed class EntityInboxTests
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
    public void Take_Inbox_TakesWhatTheLockAllows(string inbox, string holder, string taken, string operations, string holderAfter)
    {
        var batch = Inbox(Mail(inbox)).Take(holder.Length == 0 ? null : Caller(holder), maxOperations: 3);

        Assert.Equal(taken, string.Join(' ', batch.Taken.Select(item => item.Id).Order()));
        Assert.Equal(operations, string.Join(' ', batch.Operations.Select(operation => operation.Name)));
        Assert.Equal(holderAfter, (batch.Request?.Caller ?? batch.Holder)?.InstanceId ?? "");
    }

    [Fact]
    public void Take_ReleaseOfAnEarlierLockOfTheSameOrchestration_KeepsTheLock()
    {
        var earlier = Caller("A") with { TaskId = 1 };

        var batch = Inbox([new EntityMail(0, "@x@y", null, new EntityRelease(earlier))]).Take(Caller("A"), 3);

        Assert.Equal(Caller("A"), batch.Holder);
    }

    [Theory]
    [InlineData("s B A s", "", "LB", "0 1 2 3 4")]
    [InlineData("LB s B A B s", "A", "", "3 0 2 4 RB 1 5")]
    [InlineData("s A LB s B LC C s", "D", "", "0 1 2 4 RB 3 5 6 RC 7")]
    public void Take_TurnAfterTurn_TakesWhatWasPassedOverFirst(string before, string holder, string after, string order)
    {
        var inbox = Inbox(Mail(before));
        var locked = holder.Length == 0 ? null : Caller(holder);
        List<string> done = [];
        Turns();
        if (locked is not null)
            inbox.Add(new EntityMail(-1, "@x@y", null, new EntityRelease(locked)));
        foreach (var mail in Mail(after, before.Split(' ').Length))
            inbox.Add(mail);

        Turns();
        while (locked is not null && !inbox.IsEmpty)
        {
            done.Add($"R{locked.InstanceId}");
            inbox.Add(new EntityMail(-1, "@x@y", null, new EntityRelease(locked)));
            Turns();
        }

        Assert.Equal(order, string.Join(' ', done));

        void Turns()
        {
            while (inbox.Take(locked, maxOperations: 2) is { Taken.Count: > 0 } batch)
            {
                inbox.Confirm();
                locked = batch.Request?.Caller ?? batch.Holder;
                done.AddRange(batch.Taken.Where(mail => mail.Id >= 0).Select(mail => mail.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
        }
    }

    [Fact]
    public void PutBack_AfterATurnThatWasNotStored_TakesTheSameAgain()
    {
        var inbox = Inbox(Mail("s A s RA s B"));
        var first = inbox.Take(Caller("A"), 3);

        inbox.PutBack();
        inbox.Add(new EntityMail(6, "@x@y", null, Message("s", 6)));

        Assert.Equal(first.Taken, inbox.Take(Caller("A"), 3).Taken);
        inbox.Confirm();
        Assert.Equal([4, 5, 6], inbox.Take(null, 5).Taken.Select(mail => mail.Id));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void Take_ManyWaitForTheLock_LooksAtEachTwiceAtMost(int count)
    {
        var inbox = new EntityInbox();
        for (var i = 0; i < count; i++)
        {
            inbox.Add(new EntityMail(i, "@x@y", null, Message(i % 3 == 0 ? "LB" : i % 3 == 1 ? "C" : "s", i)));
            Assert.Empty(inbox.Take(Caller("A"), 10).Taken);
        }

        var holder = Caller("A");
        var taken = 0;
        for (var releases = 1; !inbox.IsEmpty; releases++)
        {
            inbox.Add(new EntityMail(count + releases, "@x@y", null, new EntityRelease(holder)));
            EntityBatch batch;
            for (EntityCaller? locked = holder; (batch = inbox.Take(locked, 10)).Taken.Count > 0; locked = batch.Request?.Caller ?? batch.Holder)
            {
                inbox.Confirm();
                taken += batch.Taken.Count(mail => mail.Id < count);
                holder = batch.Request?.Caller ?? batch.Holder ?? holder;
            }
        }

        Assert.Equal(count, taken);
        Assert.InRange(inbox.LookedAt, 2 * count, 3 * count);
    }

    private static EntityInbox Inbox(IEnumerable<EntityMail> mail)
    {
        var inbox = new EntityInbox();
        foreach (var item in mail)
            inbox.Add(item);
        return inbox;
    }

    private static IEnumerable<EntityMail> Mail(string inbox, int first = 0) => inbox.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index()
        .Select(entry => new EntityMail(first + entry.Index, "@x@y", null, Message(entry.Item, first + entry.Index)));

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
