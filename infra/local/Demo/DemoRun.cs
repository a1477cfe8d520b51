using System.Globalization;
using Azure.Storage.Blobs;
using Serverless.Local.Commands;
using Serverless.Local.Instances;
using Serverless.Local.Runs;

namespace Serverless.Local.Demo;

/// <summary>The demo on a running instance: drops files, follows what comes of them, checks the result.</summary>
internal sealed class DemoRun(LocalInstance instance, CreditRiskSample sample, DemoScreen screen, string resultFile)
{
    private const double LeastAuc = 0.82;
    private static readonly TimeSpan TrainingDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ScoringDeadline = TimeSpan.FromMinutes(2);
    private readonly BlobServiceClient _storage = new(instance.Azurite.ConnectionString);

    /// <returns>How long each stage took, in order.</returns>
    /// <exception cref="CommandException">Something did not come out as it should.</exception>
    public async Task<IReadOnlyList<(string Stage, TimeSpan Took)>> RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = instance.App.Url };
        var follower = new RunFollower(new RunsClient(http), screen);

        screen.Step($"A definition and {sample.TrainingRows} rows are dropped; a model is trained, evaluated and deployed");
        var started = TimeProvider.System.GetTimestamp();
        await DropAsync(sample.DefinitionFile, CreditRiskSample.DefinitionBlob, cancellationToken).ConfigureAwait(false);
        await DropAsync(sample.TrainingFile, CreditRiskSample.TrainingBlob, cancellationToken).ConfigureAwait(false);
        var training = await follower.FollowAsync(FindTraining, "the model to be deployed", TrainingDeadline, cancellationToken).ConfigureAwait(false);
        Expect(training, "deployed");
        var deployed = TimeProvider.System.GetElapsedTime(started);

        screen.Step($"{sample.Holdout.Rows.Count} held-back rows are dropped, without their {CreditRiskSample.Model} label; they are scored");
        started = TimeProvider.System.GetTimestamp();
        await DropAsync(sample.HoldoutFile, CreditRiskSample.ScoringBlob, cancellationToken).ConfigureAwait(false);
        var scoring = await follower.FollowAsync(FindScoring, "the held-back rows to be scored", ScoringDeadline, cancellationToken).ConfigureAwait(false);
        Expect(scoring, "scored");
        var scored = TimeProvider.System.GetElapsedTime(started);

        await ShowResultAsync(scoring, cancellationToken).ConfigureAwait(false);
        return [
            .. training.Durations.Select(stage => ($"training: {stage.Key}", TimeSpan.FromSeconds(stage.Value))),
            ("drop to deployed", deployed),
            ("drop to scored", scored)];
    }

    private static RunView? FindTraining(IReadOnlyList<RunView> runs)
    {
        // The definition's drop and the data's drop may each start an ingestion; one of them does the work.
        if (runs.FirstOrDefault(run => run is { Kind: "IngestDataset", IsOver: true } && run.Outcome is null or "refused") is { } notIngested)
            Expect(notIngested, "created");
        var trainings = runs.Where(run => run.Kind == "TrainModel").ToList();
        return trainings.FirstOrDefault(run => run.Outcome == "deployed")
            ?? (trainings.All(run => run.IsOver) ? trainings.FirstOrDefault() : null);
    }

    private static RunView? FindScoring(IReadOnlyList<RunView> runs) =>
        runs.FirstOrDefault(run => run is { Kind: "ScoreFile", IsOver: true });

    private static void Expect(RunView run, string outcome)
    {
        if (run.Outcome == outcome)
            return;
        var report = run.ResultText("report") is { Length: > 0 } path ? $" The report: {path}" : "";
        throw new CommandException(
            $"{RunNarrative.Title(run)} (run {run.Id}) ended {run.State} with the outcome '{run.Outcome ?? "none"}'; '{outcome}' was expected. " +
            string.Join("; ", RunNarrative.Facts(run)) + report);
    }

    private async Task DropAsync(string file, string blob, CancellationToken cancellationToken)
    {
        var address = BlobAddress.Parse(blob);
        var container = _storage.GetBlobContainerClient(address.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await container.GetBlobClient(address.Path).UploadAsync(file, overwrite: true, cancellationToken).ConfigureAwait(false);
        screen.Say($"dropped {blob}");
    }

    private async Task ShowResultAsync(RunView scoring, CancellationToken cancellationToken)
    {
        var address = BlobAddress.Parse(CreditRiskSample.ResultBlob);
        await _storage.GetBlobContainerClient(address.Container).GetBlobClient(address.Path)
            .DownloadToAsync(resultFile, cancellationToken).ConfigureAwait(false);
        await using var file = File.OpenRead(resultFile);
        var result = await CsvTable.ReadAsync(file, cancellationToken).ConfigureAwait(false);

        screen.Step($"The result: {address}");
        foreach (var line in ResultPreview.Lines(result, rows: 5))
            screen.Say(line);
        var check = ScoredFile.Check(sample.Holdout, sample.HoldoutLabels, result);
        screen.Say();
        screen.Say($"rows   {sample.Holdout.Rows.Count} in = {check.Scored} scored + {check.Refused} refused");
        screen.Say(string.Create(
            CultureInfo.InvariantCulture, $"AUC    {check.Auc:0.0000} on the {check.Scored} held-back rows (at least {LeastAuc} is expected)"));
        if ((scoring.ResultCount("scored"), scoring.ResultCount("refused")) != (check.Scored, check.Refused))
        {
            throw new CommandException(
                $"Run {scoring.Id} counted {scoring.ResultText("scored")} scored and {scoring.ResultText("refused")} refused rows; the file has others.");
        }
        if (check.Refused > 0)
            throw new CommandException($"{check.Refused} of the held-back rows were refused; all of them can be scored.");
        if (check.Auc < LeastAuc)
            throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"The AUC is {check.Auc:0.0000}; at least {LeastAuc} was expected."));
    }
}
