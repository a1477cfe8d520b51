using System.Globalization;
using System.Text;

namespace Serverless.Tests.EndToEnd;

/// <summary>Inputs of the tests, made from the sample's real rows.</summary>
internal static class CreditRisk
{
    public const string Header = "Status,Seniority,Home,Time,Age,Marital,Records,Job,Expenses,Income,Assets,Debt,Amount,Price";

    private static readonly string SampleFile = Path.Combine(Serverless.Local.Checkout.Find().CreditRiskSample, "credit_data.csv");

    /// <summary>The sample's rows without its header, the target first.</summary>
    public static IReadOnlyList<string> Rows { get; } = [.. File.ReadLines(SampleFile).Skip(1)];

    /// <summary>A definition for a model of its own; few trials, so that a test is quick.</summary>
    public static string Definition(string model, int trials = 2, string? more = null) => $$"""
        model: {{model}}
        task: binary-classification
        target: { column: Status, positive: bad }
        training: { trials: {{trials}} }
        gates:
          minimum: { roc-auc: 0.7 }
        {{more}}
        """;

    /// <summary>A training file of the given rows.</summary>
    public static string Training(IEnumerable<string> rows) => string.Join('\n', rows.Prepend(Header)) + "\n";

    /// <summary>The first 80% of the sample.</summary>
    public static string Training() => Training(Rows.Take(3563));

    /// <summary>A scoring file of so many rows: sample rows over and over, each with a number of its own in front, without the target.</summary>
    public static string Scoring(int rows)
    {
        var text = new StringBuilder("application,").Append(Header.AsSpan("Status,".Length)).Append('\n');
        for (var i = 0; i < rows; i++)
        {
            var row = Rows[i % Rows.Count];
            text.Append(CultureInfo.InvariantCulture, $"{i},").Append(row.AsSpan(row.IndexOf(',', StringComparison.Ordinal) + 1)).Append('\n');
        }

        return text.ToString();
    }
}
