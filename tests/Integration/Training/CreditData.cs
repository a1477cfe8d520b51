using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Integration.Training;

/// <summary>The sample data set, read once, and its deterministic 80/20 split.</summary>
internal static class CreditData
{
    private static readonly string[] Categorical = ["Home", "Marital", "Records", "Job"];

    private static readonly Lazy<LabeledTable> Table = new(Read);

    public static LabeledTable All => Table.Value;

    public static LabeledTable Train { get; } = All.Take([.. Enumerable.Range(0, All.RowCount).Where(r => All.RowHashes[r] % 5 != 0)]);

    public static LabeledTable HeldOut => All.Take([.. Enumerable.Range(0, All.RowCount).Where(r => All.RowHashes[r] % 5 == 0)]);

    public static ModelDefinition Definition { get; } = new(
        "credit-risk",
        LearningTask.BinaryClassification,
        new TargetColumn("Status", "bad"),
        Ignore: [],
        Sensitive: ["Age", "Marital"],
        new TrainingPolicy(12, "roc-auc", TimeSpan.FromMinutes(10), 17),
        new GatePolicy(new Dictionary<string, double> { ["roc-auc"] = 0.8 }, new ChampionGate("roc-auc", 0.002)),
        new DeploymentPolicy(ApprovalMode.Automatic, [], TimeSpan.FromDays(3)),
        new RetrainingPolicy(null, true, false));

    private static LabeledTable Read()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "samples", "credit-risk", "credit_data.csv"));
        var rows = lines.Skip(1).Select(l => l.Split(',').Select(f => f.Trim('"')).ToArray()).ToArray();
        var header = lines[0].Split(',').Select(h => h.Trim('"')).ToArray();
        var columns = header.Skip(1).Select(h => new FeatureColumn(h, Categorical.Contains(h) ? ColumnKind.Category : ColumnKind.Number)).ToArray();
        var values = columns.Select((c, i) => c.Kind == ColumnKind.Category
            ? (Array)rows.Select(r => r[i + 1]).ToArray()
            : rows.Select(r => r[i + 1].Length == 0 ? float.NaN : float.Parse(r[i + 1], CultureInfo.InvariantCulture)).ToArray()).ToArray();
        return new LabeledTable(
            new FeatureTable(columns, values, rows.Length),
            [.. rows.Select(r => r[0] == "bad" ? 1f : 0f)],
            [.. lines.Skip(1).Select(l => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(l))))],
            new Dictionary<string, string[]>
            {
                ["Age"] = [.. rows.Select(r => r[Array.IndexOf(header, "Age")])],
                ["Marital"] = [.. rows.Select(r => r[Array.IndexOf(header, "Marital")])],
            });
    }
}
