using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Scoring;

/// <summary>
/// The form of a result: each input row verbatim, then <c>score</c> (probability of the positive class; empty when refused), <c>decision</c>
/// (positive label at or above the model's threshold, else negative), <c>model_version</c>, <c>refusal</c> (why there is no score), and where
/// reasons are asked for <c>reason_1</c> … (<see cref="ReasonCodes"/>; empty where there are fewer). Of several classes <c>decision</c> is the likeliest,
/// <c>score</c> its probability, and <c>score_{class}</c> follows the refusal for each. For regression <c>score</c> is the predicted value, and there is no
/// <c>decision</c>.
/// </summary>
public static class ScoredRows
{
    private const string Decision = "decision";

    private static readonly string[] Names = ["score", Decision, "model_version", "refusal"];

    /// <summary>The columns a result adds to those of its file: all with the prefix <c>predicted_</c> when the file has one of these names itself.</summary>
    public static IReadOnlyList<string> AddedColumns(ScoringPlan plan)
    {
        var header = plan.Header;
        IReadOnlyList<string> added =
        [
            .. Names.Where(name => name != Decision || plan.HasDecision),
            .. (plan.Classes ?? []).Select(name => $"score_{name}"),
            .. Enumerable.Range(1, plan.Reasons).Select(n => string.Create(CultureInfo.InvariantCulture, $"reason_{n}")),
        ];
        while (header.Columns.Any(column => added.Contains(column, StringComparer.OrdinalIgnoreCase)))
        {
            added = [.. added.Select(name => $"predicted_{name}")];
        }

        return added;
    }

    /// <summary>The id of a chunk's block: of the run and the chunk alone, and of one length for all, as storage wants it.</summary>
    public static string BlockId(ScoringPlan plan, int chunk) => Id(plan.Run, chunk + 1);

    /// <summary>The id of the header's block.</summary>
    public static string HeaderBlockId(ScoringPlan plan) => Id(plan.Run, 0);

    /// <summary>The result's header line.</summary>
    public static byte[] Header(ScoringPlan plan) => Encoding.UTF8.GetBytes(
        string.Join(plan.Header.Dialect.Delimiter, plan.Header.Columns.Concat(AddedColumns(plan)).Select(name => Quote(name, plan.Header.Dialect))) + "\n");

    /// <summary>A field's value as it is written: in quotes where it needs them.</summary>
    public static string Quote(string value, CsvDialect dialect) =>
        value.AsSpan().IndexOfAny([dialect.Delimiter, '"', '\n', '\r']) < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The fields of a row's reasons, each after a delimiter: as many as were asked for.</summary>
    public static byte[] Reasons(IReadOnlyList<string> reasons, int count, CsvDialect dialect) => Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, count).Select(n => dialect.Delimiter + (n < reasons.Count ? Quote(reasons[n], dialect) : ""))));

    /// <summary>Writes a scored row.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="record">The input row, without its line end.</param>
    /// <param name="delimiter">The file's delimiter.</param>
    /// <param name="score">The score, written in the shortest form that reads back as the same 32-bit float.</param>
    /// <param name="decision">The decision, as it is to be written; empty where there is no such column.</param>
    /// <param name="version">The version that scored, as it is to be written.</param>
    /// <param name="more">What follows the refusal's field: the reasons, as <see cref="Reasons"/> gives them, after the scores of the classes.</param>
    public static void WriteScored(
        IBufferWriter<byte> to, ReadOnlySpan<byte> record, byte delimiter, float score, ReadOnlySpan<byte> decision, ReadOnlySpan<byte> version,
        ReadOnlySpan<byte> more = default)
    {
        var span = to.GetSpan(record.Length + decision.Length + version.Length + more.Length + 40);
        record.CopyTo(span);
        var at = record.Length;
        span[at++] = delimiter;
        Utf8Formatter.TryFormat(score, span[at..], out var written);
        at += written;
        if (!decision.IsEmpty)
        {
            span[at++] = delimiter;
            decision.CopyTo(span[at..]);
            at += decision.Length;
        }

        span[at++] = delimiter;
        version.CopyTo(span[at..]);
        at += version.Length;
        span[at++] = delimiter;
        more.CopyTo(span[at..]);
        at += more.Length;
        span[at++] = (byte)'\n';
        to.Advance(at);
    }

    /// <summary>Writes a row that was refused.</summary>
    public static void WriteRefused(
        IBufferWriter<byte> to, ReadOnlySpan<byte> record, byte delimiter, ReadOnlySpan<byte> version, string refusal, CsvDialect dialect,
        ReadOnlySpan<byte> more = default, bool hasDecision = true)
    {
        to.Write(record);
        to.Write(hasDecision ? [delimiter, delimiter, delimiter] : [delimiter, delimiter]);
        to.Write(version);
        to.Write([delimiter]);
        to.Write(Encoding.UTF8.GetBytes(Quote(refusal, dialect)));
        to.Write(more);
        to.Write("\n"u8);
    }

    private static string Id(string run, int block)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run)).AsSpan(0, 8));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{hash}-{block:D8}")));
    }
}
