using System.Globalization;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Datasets.Profiles;

/// <summary>A dataset version as one page: <c>profile.html</c>.</summary>
internal static class ProfilePage
{
    private const int MostColumns = 400;
    private const int MostFiles = 100;
    private const int MostValues = 5;

    public static string Render(DatasetManifest manifest, DatasetProfile profile, DatasetComparison? comparison)
    {
        var shifts = (comparison?.Columns ?? []).ToDictionary(c => c.Name, StringComparer.Ordinal);
        var body = Html.Of($"""
            <header><h1>{manifest.Model} <small>dataset {manifest.Version}</small></h1>
            <p>Target <b>{manifest.Target.Column}</b>. {(manifest.Masked is null ? "" : "Direct identifiers were masked.")}</p>
            <p class="soft">Made by platform {manifest.Code ?? "–"}; the rows keep to contract <code>{manifest.Contract ?? "–"}</code>.</p></header>
            <div class="tiles">{Tile("Rows", Count(manifest.Rows), $"{Count(manifest.RefusedRows)} refused")}{Tile("Columns", Count(manifest.Features.Count), $"{Count(manifest.Excluded.Count)} left out")}{Tile("Files", Count(manifest.Sources.Count), $"{Count(manifest.Sources.Sum(s => s.Bytes ?? 0))} bytes")}</div>
            {Compared(comparison)}
            <h2>Columns</h2>
            {Columns(profile, shifts)}
            {Masked(manifest)}{Excluded(manifest)}
            <h2>Files</h2>
            {Files(manifest)}{RefusedFiles(manifest)}
            <footer class="soft">Of a number's histogram the outermost bars hold what lies beyond, if anything does. PSI is the population stability index against the version before, over its
            tenths or its 20 most frequent values; the mean's shift is in standard deviations. A column has shifted if its index is at least 0.1 or its mean moved by half a deviation, beyond what chance gives. The figures stand in profile.json, comparison.json, contract.json and manifest.json.</footer>
            """);
        return Page.Render($"Dataset: {manifest.Model}, {manifest.Version}", body);
    }

    private static Html Compared(DatasetComparison? comparison)
    {
        if (comparison is null)
        {
            return Html.Of($"<p class=\"soft\">There is no version before this one to compare with.</p>");
        }

        var shifted = comparison.Columns.Where(c => c.HasShifted).Select(c => c.Name).ToList();
        var changed = comparison.Columns.Where(c => c.KindBefore != c.KindAfter).Select(c => $"{c.Name} ({c.KindBefore} → {c.KindAfter})").ToList();
        var lines = new (string What, IReadOnlyList<string> Names)[]
        {
            ("Shifted", shifted), ("New", comparison.Added), ("Gone", comparison.Removed), ("Of another kind", changed),
        }.Where(l => l.Names.Count > 0).Select(l => Html.Of($"<div class=\"warn\"><b>{l.What}:</b> {string.Join(", ", l.Names)}</div>\n")).ToList();
        return Html.Of($"""
            <h2>Since the version before</h2>
            <p>Version <code>{comparison.Before}</code> had {Count(comparison.RowsBefore)} rows; this one has {Count(comparison.RowsAfter)}.</p>
            {(lines.Count == 0 ? Html.Of($"<div class=\"good\">The columns are the same, and none has shifted.</div>") : Html.Join(lines))}
            """);
    }

    private static Html Columns(DatasetProfile profile, Dictionary<string, ColumnComparison> shifts) =>
        Html.Table(
            ["column", "kind", "#missing", "#distinct", "distribution", "values", "#PSI", "#mean shift"],
            profile.Columns.Take(MostColumns).Select(c => new[]
            {
                Html.Of($"<b>{c.Name}</b>"),
                Html.Text(c.Kind.ToString().ToLowerInvariant()),
                Html.Of($"{Percent((double)c.Missing / Math.Max(1, profile.Rows))}{Before(shifts, c.Name, s => Percent(s.MissingBefore) != Percent(s.MissingAfter) ? $"was {Percent(s.MissingBefore)}" : "")}"),
                Html.Text(Count(c.Distinct)),
                Picture(c),
                Values(c),
                Stability(shifts.GetValueOrDefault(c.Name)),
                Html.Text(shifts.GetValueOrDefault(c.Name)?.MeanShift?.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture) ?? "–"),
            }))
        + (profile.Columns.Count > MostColumns ? Html.Of($"<p class=\"soft\">The first {MostColumns} of {profile.Columns.Count}.</p>") : Html.Empty);

    private static Html Before(Dictionary<string, ColumnComparison> shifts, string column, Func<ColumnComparison, string> say) =>
        shifts.TryGetValue(column, out var shift) && say(shift) is { Length: > 0 } said ? Html.Of($"<br><span class=\"soft\">{said}</span>") : Html.Empty;

    private static Html Picture(ColumnProfile column) => column switch
    {
        { Histogram: { } histogram } => SmallBars.Upright(
            histogram.Counts, $"from {Figure(column, histogram.From)} to {Figure(column, histogram.To)}", Figure(column, histogram.From), Figure(column, histogram.To)),
        { TopCategories: { Count: > 0 } top } => SmallBars.Upright(
            [.. top.Select(t => t.Count)], $"the {top.Count} most frequent values", "most frequent", $"{top.Count} values"),
        _ => Html.Empty,
    };

    private static Html Values(ColumnProfile column)
    {
        if (column.Numbers is { } n)
        {
            var quantiles = n.Quantiles.Where(q => q.Probability is 0.05 or 0.5 or 0.95).Select(q => $"{q.Probability * 100:0}%: {Figure(column, q.Value)}");
            return Html.Of($"{Figure(column, n.Min)} … {Figure(column, n.Max)}<br><span class=\"soft\">mean {Figure(column, n.Mean)}, {string.Join(", ", quantiles)}</span>");
        }

        return Html.Join((column.TopCategories ?? []).Take(MostValues).Select(t =>
            Html.Of($"{ValueExcerpt.Of(t.Value)} <span class=\"soft\">{Percent((double)t.Count / Math.Max(1, column.Count))}</span><br>")));
    }

    private static Html Stability(ColumnComparison? shift) => shift?.Stability is not { } index ? Html.Text("–")
        : shift.HasShifted ? Html.Of($"<span class=\"nope\">{index.ToString("F3", CultureInfo.InvariantCulture)}</span>")
        : Html.Text(index.ToString("F3", CultureInfo.InvariantCulture));

    private static Html Masked(DatasetManifest manifest) => manifest.Masked is not { } masked ? Html.Empty
        : Html.Of($"<h2>Masked</h2>\n") + Html.Table(["column", "what", "#values"], masked.Select(m => Html.Cells(m.Column, m.Count == 1 ? m.Kind : FoundIdentifiers.PluralOf(m.Kind), Count(m.Count))));

    private static Html Excluded(DatasetManifest manifest) => manifest.Excluded.Count == 0 ? Html.Empty
        : Html.Of($"<h2>Left out</h2>\n") + Html.Table(["column", "why"], manifest.Excluded.Take(MostColumns).Select(e => Html.Cells(e.Name, e.Reason)));

    private static Html Files(DatasetManifest manifest) => Html.Table(
        ["file", "#rows", "#refused", "#bytes", "ETag", "SHA-256"],
        manifest.Sources.Take(MostFiles).Select(s => new[]
        {
            Html.Text(s.Name), Html.Text(Count(s.Rows)), Html.Text(Count(s.RefusedRows)), Html.Text(s.Bytes is { } bytes ? Count(bytes) : "–"),
            Html.Of($"<code>{s.ETag ?? "–"}</code>"), Html.Of($"<code>{s.ContentHash}</code>"),
        }));

    private static Html RefusedFiles(DatasetManifest manifest) => manifest.RefusedFiles is not { } refused ? Html.Empty
        : Html.Of($"<h3>Refused</h3>\n") + Html.Table(["file", "why"], refused.Take(MostFiles).Select(r => Html.Cells(r.Name, r.Reason)));

    private static Html Tile(string name, string value, string under) =>
        Html.Of($"<div class=\"tile\"><span>{name}</span><b>{value}</b><span>{under}</span></div>");

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Figure(ColumnProfile column, double value) => column.Kind == ColumnKind.Date ? DateValue.Text((float)value)
        : value.ToString(Math.Abs(value) is >= 1e7 or (> 0 and < 1e-3) ? "G4" : "#,0.###", CultureInfo.InvariantCulture);
}
