using System.Globalization;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// A queue trigger on Azurite: messages a second that a function which does nothing gets, in turn with a bare loop that receives 32 at a time and deletes each, with as many in hand
/// as the host may have; and from sending a message to an idle host until its function runs.
/// </summary>
internal static class QueueMessages
{
    private const int Messages = 1_000;
    private const int Repetitions = 3;
    private const int Sends = 25;
    private const int Senders = 8;

    /// <summary>The host's defaults: it takes 16 at a time, and more when no more than 8 are in hand.</summary>
    private const int MostInHand = 24;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1.2);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await BenchmarkPlatform.StartAsync(withApp: false, cancellationToken);
        var queues = new QueueServiceClient(platform.ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        var (rates, bareRates) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var rate = await HostRateAsync(platform.ConnectionString, await FilledAsync(queues, $"host-{i}", cancellationToken), cancellationToken);
            var bareRate = await BareRateAsync(await FilledAsync(queues, $"bare-{i}", cancellationToken), cancellationToken);

            // The first round warms up; it is not counted.
            if (i > 0)
            {
                rates.Add(rate);
                bareRates.Add(bareRate);
            }
        }

        var (waits, operations) = await WaitsAsync(platform.ConnectionString, queues, cancellationToken);
        var yardstick = new Measurement($"queue: bare receive 32 and delete, {MostInHand} in hand", "messages/s", bareRates);
        return
        [
            new Measurement("queue: messages through a trigger", "messages/s", rates, yardstick),
            yardstick,
            new Measurement("queue: send to run, idle host", "ms", waits),
            new Measurement("queue: storage operations of the idle host", "/min", operations),
        ];
    }

    private static async Task<double> HostRateAsync(string connectionString, QueueClient queue, CancellationToken cancellationToken)
    {
        await using var app = await TriggerApp.StartAsync(connectionString, "BenchQueue", queue.Name, cancellationToken);
        // From the first message on: starting up is measured elsewhere.
        await app.Arrivals.ExpectAsync(1, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await app.Arrivals.ExpectAsync(Messages - 1, cancellationToken);
        await UntilEmptyAsync(queue, cancellationToken);
        return (Messages - 1) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> BareRateAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var deleted = 0;
        var inHand = new HashSet<Task>();
        while (true)
        {
            QueueMessage[] batch = await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(1), cancellationToken);
            if (batch.Length == 0)
                break;
            foreach (var message in batch)
            {
                if (inHand.Count == MostInHand)
                    inHand.Remove(await Task.WhenAny(inHand));
                inHand.Add(DeleteAsync(message));
            }

            inHand.RemoveWhere(task => task.IsCompletedSuccessfully);
        }

        await Task.WhenAll(inHand);
        await UntilEmptyAsync(queue, cancellationToken);
        return deleted / TimeProvider.System.GetElapsedTime(started).TotalSeconds;

        async Task DeleteAsync(QueueMessage message)
        {
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
            Interlocked.Increment(ref deleted);
        }
    }

    private static async Task<(IReadOnlyList<double> Waits, IReadOnlyList<double> Operations)> WaitsAsync(
        string connectionString, QueueServiceClient queues, CancellationToken cancellationToken)
    {
        var queue = queues.GetQueueClient("waits");
        await queue.CreateAsync(cancellationToken: cancellationToken);
        await using var app = await TriggerApp.StartAsync(connectionString, "BenchQueue", queue.Name, cancellationToken);
        var waits = new List<double>();
        var random = new Random(1);
        for (var i = 0; i < Sends; i++)
        {
            // Long enough for the host to be at rest again, and never in step with it.
            await Task.Delay(LongestRest * (0.5 + (0.5 * random.NextDouble())), cancellationToken);
            var text = i.ToString(CultureInfo.InvariantCulture);
            var sent = TimeProvider.System.GetTimestamp();
            await queue.SendMessageAsync(text, cancellationToken);
            await app.Arrivals.ExpectAsync(text, cancellationToken);
            waits.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
        }

        return (waits, [await IdleOperations.PerMinuteAsync(app, cancellationToken)]);
    }

    private static async Task<QueueClient> FilledAsync(QueueServiceClient queues, string name, CancellationToken cancellationToken)
    {
        var queue = queues.GetQueueClient(name);
        await queue.CreateAsync(cancellationToken: cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Messages, options, async (i, token) => await queue.SendMessageAsync(i.ToString(CultureInfo.InvariantCulture), token));
        return queue;
    }

    private static async Task UntilEmptyAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        while ((await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount > 0)
            await Task.Delay(1, cancellationToken);
    }
}
