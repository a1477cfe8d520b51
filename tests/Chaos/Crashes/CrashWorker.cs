using System.Globalization;
using System.Text;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>
/// The process that is killed: a hub under load. It takes commands from standard input and says on standard output what the engine has
/// acknowledged; that, and only that, must survive. The end of its input ends it in order.
/// </summary>
internal sealed class CrashWorker(DurableTaskClient client, Stream output)
{
    public const string Argument = "worker";
    public const string Ready = "ready";
    public const string Start = "start";
    public const string Raise = "raise";
    public const string Signal = "signal";
    public const string Open = "open";

    /// <summary>Answers a start whose instance is there already: the one before was stored, and its answer lost.</summary>
    public const string Known = "known";
    public const string Failed = "failed";

    private static readonly TimeSpan CountInterval = TimeSpan.FromMilliseconds(20);

    private static readonly IReadOnlyList<string> AllStatuses = Enum.GetNames<OrchestrationRuntimeStatus>();

    private static readonly OrchestrationQuery Unfinished = new()
    {
        Statuses = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended],
        PageSize = 1000,
    };

    private readonly Lock _lock = new();

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var journal = new ActivityJournal(folder);
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Error)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using var hub = CreateHub(folder, loggers);
        new LoadFunctions(journal).AddTo(hub);
        await hub.StartAsync(cancellationToken);
        await using var output = Console.OpenStandardOutput();
        var worker = new CrashWorker(hub.Client, output);
        worker.Say(Ready);
        await worker.ServeAsync(Console.In, cancellationToken);
        await hub.DrainAsync(cancellationToken);
    }

    public static TaskHub CreateHub(string folder, ILoggerFactory loggers, HubDurability durability = HubDurability.ProcessCrash) => new(
        new TaskHubOptions { DatabasePath = Path.Combine(folder, "hub.db"), MaxCachedOrchestrations = 20, Durability = durability },
        JsonDataConverter.Default, TimeProvider.System, loggers);

    private async Task ServeAsync(TextReader input, CancellationToken cancellationToken)
    {
        List<Task> answers = [];
        while (await input.ReadLineAsync(cancellationToken) is { } command)
        {
            answers.RemoveAll(answer => answer.IsCompletedSuccessfully);
            answers.Add(AnswerAsync(command.Split(' '), cancellationToken));
        }

        await Task.WhenAll(answers);
    }

    private async Task AnswerAsync(string[] command, CancellationToken cancellationToken)
    {
        try
        {
            Say(await CarryOutAsync(command, cancellationToken));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Say($"{Failed} '{string.Join(' ', command)}': {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    private async Task<string> CarryOutAsync(string[] command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case [Start, var id, var name, var size]:
                return await StartAsync(id, LoadKind.Named(name), int.Parse(size, CultureInfo.InvariantCulture), cancellationToken);
            case [Raise, var id, var item]:
                await client.RaiseEventAsync(id, LoadFunctions.Item, item, cancellationToken);
                return $"{Raise} {id} {item}";
            case [Signal, var id, var item]:
                await LoadEntities.SignalAsync(client, id, item, cancellationToken);
                return $"{Signal} {id} {item}";
            case [Open]:
                await Task.Delay(CountInterval, TimeProvider.System, cancellationToken);
                return $"{Open} {await CountOpenAsync(cancellationToken)}";
            default:
                throw new ArgumentException($"'{string.Join(' ', command)}' is no command.", nameof(command));
        }
    }

    /// <summary>Orchestrations that are not over; when all are, entities that are still locked or busy.</summary>
    private async Task<int> CountOpenAsync(CancellationToken cancellationToken) =>
        await client.GetAllInstancesAsync(Unfinished).CountAsync(cancellationToken) is var open and > 0
            ? open
            : await LoadEntities.CountBusyAsync(client, cancellationToken);

    /// <summary>May be called again after a crash for an instance that is there already: then that one stands.</summary>
    private async Task<string> StartAsync(string id, LoadKind kind, int size, CancellationToken cancellationToken)
    {
        try
        {
            var options = new StartOrchestrationOptions(id) { DedupeStatuses = AllStatuses };
            await client.ScheduleNewOrchestrationInstanceAsync(kind.Name, kind.Input(size), options, cancellationToken);
            return $"{Start} {id}";
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return $"{Known} {id}";
        }
    }

    // One write a line: a pipe takes it whole or not at all.
    private void Say(string line)
    {
        lock (_lock)
            output.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
