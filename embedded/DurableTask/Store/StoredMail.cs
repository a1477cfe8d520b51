using System.Text.Json;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>What stands in the inboxes of all instances, or of all entities.</summary>
/// <param name="Readable">The messages, in the order of their arrival.</param>
/// <param name="Unreadable">Those that this build does not understand: a later one wrote them, or the file was changed from outside.</param>
internal sealed record StoredMail<T>(IReadOnlyList<T> Readable, IReadOnlyList<UnreadableMessage> Unreadable)
{
    public int Count => Readable.Count + Unreadable.Count;

    /// <summary>To whom there is something unreadable. What else is there for them must wait: it came before or after that.</summary>
    public IReadOnlySet<string> SetAside { get; } = Unreadable.Select(message => message.Recipient).ToHashSet();
}

/// <param name="Id">Of the row in the inbox.</param>
/// <param name="Recipient">The instance, or the entity.</param>
/// <param name="Reason">What reading it said.</param>
internal sealed record UnreadableMessage(long Id, string Recipient, Exception Reason);

internal static class MailReader
{
    /// <summary>Runs a query whose first columns are the message's id and its recipient.</summary>
    public static StoredMail<T> ReadMail<T>(this StoreReader reader, string sql, Func<SqlRows, T> read)
    {
        List<UnreadableMessage> unreadable = [];
        var readable = reader.Read(sql, [], rows =>
        {
            try
            {
                return [read(rows)];
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException)
            {
                unreadable.Add(new UnreadableMessage(rows.GetInt64(0), rows.GetString(1), exception));
                return Array.Empty<T>();
            }
        });
        return new StoredMail<T>([.. readable.SelectMany(static mail => mail)], unreadable);
    }
}
