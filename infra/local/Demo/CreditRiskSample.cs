namespace Serverless.Local.Demo;

/// <summary>The sample's files as they are dropped: a definition, the rows to learn from, and the held-back rows without their target.</summary>
public sealed record CreditRiskSample
{
    public const string Model = "credit-risk";
    public const string TrainingBlob = "training-data/credit-risk/credit_data.csv";
    public const string DefinitionBlob = "definitions/credit-risk.yaml";
    public const string ScoringBlob = "scoring-input/credit-risk/holdout.csv";
    public const string ResultBlob = "scoring-output/credit-risk/holdout.csv";
    private const string TargetColumn = "Status";
    private const string PositiveLabel = "bad";
    private const double HoldoutShare = 0.2;
    private const int Seed = 20;

    public required string DefinitionFile { get; init; }
    public required string TrainingFile { get; init; }
    public required int TrainingRows { get; init; }
    public required string HoldoutFile { get; init; }
    /// <summary>What is in <see cref="HoldoutFile"/>.</summary>
    public required CsvTable Holdout { get; init; }
    /// <summary>Whether each row of <see cref="Holdout"/> is of the positive class, in the same order.</summary>
    public required IReadOnlyList<bool> HoldoutLabels { get; init; }

    /// <summary>Cuts credit_data.csv in two, the same way every time, and writes both parts.</summary>
    /// <param name="folder">Where to write them; created.</param>
    /// <exception cref="CommandException">The sample is not whole.</exception>
    public static async Task<CreditRiskSample> WriteAsync(Checkout checkout, string folder, CancellationToken cancellationToken)
    {
        var definition = Present(Path.Combine(checkout.CreditRiskSample, "definition.yaml"));
        CsvTable all;
        await using (var file = File.OpenRead(Present(Path.Combine(checkout.CreditRiskSample, "credit_data.csv"))))
            all = await CsvTable.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        var split = HoldoutSplit.Draw(all.Rows.Count, HoldoutShare, Seed);
        var (training, heldBack) = (all.Pick(split.Training), all.Pick(split.Holdout));
        var target = all.IndexOf(TargetColumn);
        var sample = new CreditRiskSample
        {
            DefinitionFile = definition,
            TrainingFile = Path.Combine(folder, "credit_data.csv"),
            TrainingRows = training.Rows.Count,
            HoldoutFile = Path.Combine(folder, "holdout.csv"),
            Holdout = heldBack.Without(TargetColumn),
            HoldoutLabels = [.. heldBack.Rows.Select(row => row[target] == PositiveLabel)],
        };
        Directory.CreateDirectory(folder);
        await training.WriteAsync(sample.TrainingFile, cancellationToken).ConfigureAwait(false);
        await sample.Holdout.WriteAsync(sample.HoldoutFile, cancellationToken).ConfigureAwait(false);
        return sample;
    }

    private static string Present(string file) =>
        File.Exists(file) ? file : throw new CommandException($"{file} was not found. It belongs to the repository: git checkout -- samples");
}
