using System.Globalization;
using Serverless.Local.Demo;
using Serverless.Local.Instances;

namespace Serverless.Local.Commands;

/// <summary>./dev demo: from a dropped file to a deployed model to scored rows, on an instance of its own with empty storage.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var folders = LocalFolders.ForDemo(checkout);
        var resultFile = Path.Combine(folders.Data, "result.csv");
        var screen = DemoScreen.ForThisConsole();
        try
        {
            screen.Step("Azurite and the app are started");
            var started = TimeProvider.System.GetTimestamp();
            await using var instance = await LocalInstance.StartAsync("demo", checkout, folders, () => Empty(folders.Data), cancellationToken);
            var startUp = TimeProvider.System.GetElapsedTime(started);
            screen.Say($"app    {instance.App.Url}");
            screen.Say($"blobs  {instance.Azurite.BlobUrl}");

            var sample = await CreditRiskSample.WriteAsync(checkout, folders.Data, cancellationToken);
            var run = new DemoRun(instance, sample, screen, resultFile);
            var stages = await instance.WhileRunningAsync(run.RunAsync, cancellationToken);

            screen.Step("How long it took");
            foreach (var (stage, took) in stages.Prepend(("start-up to ready", startUp)))
                screen.Say(string.Create(CultureInfo.InvariantCulture, $"{stage,-24} {took.TotalSeconds,6:0.0} s"));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not CommandException)
        {
            throw new CommandException($"The demo failed: {exception.Message}\nLogs: {folders.AppLog}, {folders.AzuriteLog}");
        }
        screen.Step("Where everything lies");
        screen.Say($"result        {resultFile}   ({CreditRiskSample.ResultBlob})");
        screen.Say($"dropped       {CreditRiskSample.DefinitionBlob}, {CreditRiskSample.TrainingBlob}, {CreditRiskSample.ScoringBlob}");
        screen.Say($"made of it    datasets/{CreditRiskSample.Model}/, models/{CreditRiskSample.Model}/");
        screen.Say($"storage       {folders.Azurite}");
        screen.Say($"durable state {folders.State}");
        screen.Say($"logs          {folders.AppLog}, {folders.AzuriteLog}");
        screen.Say("\nAzurite and the app are stopped. To have them stay: ./dev up");
        return 0;
    }

    private static void Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
