using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Tests.Benchmarks;

/// <summary>The figures, for people and for programs.</summary>
internal static class Report
{
    private static readonly string[] Head = ["benchmark", "median", "min–max", "unit", "n", "yardstick", "ratio"];

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(Machine machine, IReadOnlyList<Measurement> measurements)
    {
        var rows = measurements.Select(Cells).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(c => rows.Max(row => row[c].Length)).ToArray();
        var text = new StringBuilder();
        text.AppendLine();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, c) => IsText(c) ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{machine.Cores} cores, {machine.Cpu}, {machine.DotNet}, {machine.System}");
        if (machine.IsBusy)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"The machine was busy with other things when this began (load {machine.Load:0.0}): the figures say less about it than the ratios do.");
        }

        return text.ToString();
    }

    public static string Json(Machine machine, IReadOnlyList<Measurement> measurements) =>
        JsonSerializer.Serialize(new { machine, measuredAt = TimeProvider.System.GetUtcNow(), measurements }, JsonOptions) + "\n";

    private static string[] Cells(Measurement m) =>
    [
        m.Name, Number(m.Median), $"{Number(m.Min)}–{Number(m.Max)}", m.Unit, m.Values.Count.ToString(CultureInfo.InvariantCulture),
        m.YardstickName ?? "", m.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
    ];

    private static bool IsText(int column) => column is 0 or 3 or 5;

    /// <summary>Three significant digits or so: more would be noise.</summary>
    private static string Number(double value) => value.ToString(
        value switch { >= 100 => "#,0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);
}
