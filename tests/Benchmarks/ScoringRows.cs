using System.Globalization;
using System.Text;
using Serverless.Local;

namespace Serverless.Tests.Benchmarks;

/// <summary>Files to score, made from the sample's rows.</summary>
internal static class ScoringRows
{
    private const string TargetColumn = "Status,";

    /// <summary>A CSV file of so many rows: the sample's over and over, without the target, each with a number of its own in front.</summary>
    public static byte[] Csv(Checkout checkout, int rows)
    {
        var lines = File.ReadLines(Path.Combine(checkout.CreditRiskSample, "credit_data.csv")).ToList();
        if (!lines[0].StartsWith(TargetColumn, StringComparison.Ordinal))
        {
            throw new BenchmarkFailedException($"The sample's first column is expected to be {TargetColumn.TrimEnd(',')}; its header is {lines[0]}.");
        }

        var text = new StringBuilder("application,").Append(lines[0].AsSpan(TargetColumn.Length)).Append('\n');
        for (var i = 0; i < rows; i++)
        {
            var row = lines[1 + (i % (lines.Count - 1))];
            text.Append(CultureInfo.InvariantCulture, $"{i},").Append(row.AsSpan(row.IndexOf(',', StringComparison.Ordinal) + 1)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
