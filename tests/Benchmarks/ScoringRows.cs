using System.Globalization;
using System.Text;
using Serverless.Local;

namespace Serverless.Tests.Benchmarks;

/// <summary>Files to score, made from the sample's rows.</summary>
internal static class ScoringRows
{
    /// <summary>A CSV file of so many rows: the sample's over and over, without the target, each with a number of its own in front.</summary>
    public static byte[] Csv(Checkout checkout, int rows)
    {
        var lines = File.ReadLines(Path.Combine(checkout.CreditRiskSample, "credit_data.csv")).ToList();
        var text = new StringBuilder("application").Append(WithoutTarget(lines[0])).Append('\n');
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i}").Append(WithoutTarget(lines[1 + (i % (lines.Count - 1))])).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>What follows the first field, which is the target: from the comma on.</summary>
    private static ReadOnlySpan<char> WithoutTarget(string line) => line.AsSpan(line.IndexOf(',', StringComparison.Ordinal));
}
