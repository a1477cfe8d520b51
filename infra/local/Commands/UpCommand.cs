using Serverless.Local.Instances;

namespace Serverless.Local.Commands;

/// <summary>./dev up: Azurite and the app in the foreground until Ctrl-C or SIGTERM.</summary>
internal static class UpCommand
{
    public static async Task<int> RunAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var folders = LocalFolders.ForUp(checkout);
        try
        {
            Console.WriteLine("Starting Azurite and the app …");
            await using var instance = await LocalInstance.StartAsync("up", checkout, folders, prepare: () => { }, cancellationToken);
            Console.WriteLine(Describe(instance, folders));
            await instance.WhileRunningAsync(
                async token =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return true;
                },
                cancellationToken);
            Console.WriteLine("Stopping …");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopped before it was up.");
            return 0;
        }
        Console.WriteLine("Stopped. What was stored is kept for the next ./dev up.");
        return 0;
    }

    private static string Describe(LocalInstance instance, LocalFolders folders) =>
        $"""

        Serverless is up.
          app       {instance.App.Url}
          blobs     {instance.Azurite.BlobUrl}
          queues    {instance.Azurite.QueueUrl}
          tables    {instance.Azurite.TableUrl}
          logs      {folders.Logs}
          data      {folders.Azurite}, {folders.State}
          connection string (the development key that everybody has)
            {instance.Azurite.ConnectionString}

        Three things to try, in another terminal:
          1. Drop a definition, then data to learn from; a model is trained and deployed:
               ./dev drop samples/credit-risk/definition.yaml definitions/credit-risk.yaml
               ./dev drop samples/credit-risk/credit_data.csv training-data/credit-risk/credit_data.csv
               curl {instance.App.Url}runs
          2. Start training over HTTP:
               curl -i -X POST {instance.App.Url}models/credit-risk/train -H 'Content-Type: application/json' -d '{"{"}"reason": "trying it out"{"}"}'
          3. Change when it is retrained: fetch the definition, edit retraining.schedule, and drop it again:
               ./dev get definitions/credit-risk.yaml credit-risk.yaml
               ./dev drop credit-risk.yaml definitions/credit-risk.yaml

        Ctrl-C stops it.
        """;
}
