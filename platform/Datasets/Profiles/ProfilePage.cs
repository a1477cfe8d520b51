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
    private const int MostClasses = 20;

    public static string Render(DatasetManifest manifest, DatasetProfile profile, DatasetComparison? comparison, DateTimeOffset? at)
    {
        var shifts = (comparison?.Columns ?? []).ToDictionary(c => c.Name, StringComparer.Ordinal);
        var body = Html.Of($"""
            <header><h1>{manifest.Model} <small>dataset {manifest.Version}</small></h1>
            <p>Target <b>{manifest.Target.Column}</b>. {(manifest.Masked is null ? "" : "Direct identifiers were masked.")}</p>
            <p class="soft">Made {(at is { } made ? $"on {made.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)} " : "")}by platform {manifest.Code ?? "–"}; the rows keep to contract <code>{manifest.Contract ?? "–"}</code>.</p></header>
            <div class="tiles">{Tile("Rows", Count(manifest.Rows), $"{Count(manifest.RefusedRows)} refused")}{Tile("Columns", Count(manifest.Features.Count), $"{Count(manifest.Excluded.Count)} left out")}{Tile("Files", Count(manifest.Sources.Count), $"{Count(manifest.Sources.Sum(s => s.Bytes ?? 0))} bytes")}</div>
            {Compared(manifest.Target, comparison)}
            <h2>Columns</h2>
            {Columns(profile, shifts, comparison?.Target)}
            {Masked(manifest)}{Excluded(manifest)}
            <h2>Files</h2>
            {Files(manifest)}{RefusedFiles(manifest)}
            <footer class="soft">Of a number's histogram the outermost bars hold what lies beyond, if anything does. PSI is the population stability index against the version before, over its
            tenths or its 20 most frequent values; the mean's shift is in standard deviations. A column has shifted if its index is at least 0.1 or its mean moved by half a deviation, beyond what chance gives; the target also if the share of a class doubled or halved. The figures stand in profile.json, comparison.json, contract.json and manifest.json.</footer>
            """);
        return Page.Render($"Dataset: {manifest.Model}, {manifest.Version}", body);
    }

    private static Html Compared(DatasetTarget target, DatasetComparison? comparison)
    {
        if (comparison is null)
        {
            return Html.Of($"<p class=\"soft\">There is no version before this one to compare with.</p>");
        }

        var shifted = comparison.Columns.Where(c => c.HasShifted).Select(c => c.Name).ToList();
        var changed = comparison.Columns.Prepend(comparison.Target).OfType<ColumnComparison>()
            .Where(c => c.KindBefore != c.KindAfter).Select(c => $"{c.Name} ({c.KindBefore} → {c.KindAfter})").ToList();
        var lines = new (string What, IReadOnlyList<string> Names)[]
        {
            ("The target shifted", comparison.Target is { HasShifted: true } moved ? [$"{target.Column} ({Moves(moved, target.Positive)})"] : []),
            ("Shifted", shifted), ("New", comparison.Added), ("Gone", comparison.Removed), ("Of another kind", changed),
        }.Where(l => l.Names.Count > 0).Select(l => Html.Of($"<div class=\"warn\"><b>{l.What}:</b> {string.Join(", ", l.Names)}</div>\n")).ToList();
        var none = comparison.Target is null ? "none" : $"neither the target, {target.Column}, nor any of them";
        return Html.Of($"""
            <h2>Since the version before</h2>
            <p>Version <code>{comparison.Before}</code> had {Count(comparison.RowsBefore)} rows; this one has {Count(comparison.RowsAfter)}.</p>
            {(lines.Count == 0 ? Html.Of($"<div class=\"good\">The columns are the same, and {none} has shifted.</div>") : Html.Join(lines))}
            {OfTarget(target, comparison.Target)}
            """);
    }

    /// <summary>What is said of a target that has not shifted, or of which that is not known.</summary>
    private static Html OfTarget(DatasetTarget target, ColumnComparison? shift) => shift switch
    {
        null => Html.Of($"<p class=\"soft\">The target was not compared: the version before has no profile of {target.Column}.</p>"),
        { HasShifted: false } when Moves(shift, target.Positive) is { Length: > 0 } moves =>
            Html.Of($"<p class=\"soft\">The target {target.Column} has not shifted: {moves}.</p>"),
        _ => Html.Empty,
    };

    /// <summary>From what to what the classes or quantiles went; the positive class first, or those that moved most.</summary>
    private static string Moves(ColumnComparison target, string? positive) => string.Join(", ", target switch
    {
        { Classes: { } classes } => classes.OrderByDescending(c => c.Value == positive).ThenByDescending(c => Math.Abs(c.After - c.Before)).Take(MostValues)
            .Select(c => $"{ValueExcerpt.Of(c.Value)} {Percent(c.Before)} → {Percent(c.After)}"),
        { Quantiles: { } quantiles } => quantiles.Where(q => IsShown(q.Probability))
            .Select(q => $"{(q.Probability == 0.5 ? "median" : $"{q.Probability * 100:0}% quantile")} {Figure(target.KindAfter, q.Before)} → {Figure(target.KindAfter, q.After)}"),
        _ => [],
    });

    private static bool IsShown(double probability) => probability is 0.05 or 0.5 or 0.95;

    private static Html Columns(DatasetProfile profile, Dictionary<string, ColumnComparison> shifts, ColumnComparison? target) =>
        Html.Table(
            ["column", "kind", "#missing", "#distinct", "distribution", "values", "#PSI", "#mean shift"],
            profile.Columns.Take(MostColumns).Select(c => Row(Html.Of($"<b>{c.Name}</b>"), c, MostValues, profile.Rows, shifts.GetValueOrDefault(c.Name)))
                .Prepend(profile.Target is { } t ? Row(TargetName(t), t, MostClasses, profile.Rows, target) : null)
                .OfType<Html[]>())
        + (profile.Columns.Count > MostColumns ? Html.Of($"<p class=\"soft\">The first {MostColumns} of {profile.Columns.Count}.</p>") : Html.Empty);

    private static Html TargetName(ColumnProfile target) => Html.Of($"<b>{target.Name}</b><br><span class=\"badge\">target</span>");

    private static Html[] Row(Html name, ColumnProfile column, int mostValues, long rows, ColumnComparison? shift) =>
    [
        name,
        Html.Text(column.Kind.ToString().ToLowerInvariant()),
        Html.Of($"{Percent((double)column.Missing / Math.Max(1, rows))}{MissingBefore(shift)}"),
        Html.Text(Count(column.Distinct)),
        Picture(column),
        Html.Of($"<div class=\"values\">{Values(column, mostValues)}</div>"),
        Stability(shift),
        Html.Text(shift?.MeanShift?.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture) ?? "–"),
    ];

    private static Html MissingBefore(ColumnComparison? shift) =>
        shift is not null && Percent(shift.MissingBefore) != Percent(shift.MissingAfter)
            ? Html.Of($"<br><span class=\"soft\">was {Percent(shift.MissingBefore)}</span>")
            : Html.Empty;

    private static Html Picture(ColumnProfile column) => column switch
    {
        { Histogram: { } histogram } => SmallBars.Upright(
            histogram.Counts, $"from {Figure(column, histogram.From)} to {Figure(column, histogram.To)}", Figure(column, histogram.From), Figure(column, histogram.To)),
        { TopCategories: { Count: > 0 } top } => SmallBars.Upright(
            [.. top.Select(t => t.Count)], $"the {top.Count} most frequent values", "most frequent", $"{top.Count} values"),
        _ => Html.Empty,
    };

    private static Html Values(ColumnProfile column, int most)
    {
        if (column.Numbers is { } n)
        {
            var quantiles = n.Quantiles.Where(q => IsShown(q.Probability)).Select(q => $"{q.Probability * 100:0}%: {Figure(column, q.Value)}");
            return Html.Of($"{Figure(column, n.Min)} … {Figure(column, n.Max)}<br><span class=\"soft\">mean {Figure(column, n.Mean)}, {string.Join(", ", quantiles)}</span>");
        }

        return Html.Join((column.TopCategories ?? []).Take(most).Select(t =>
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

    private static string Figure(ColumnProfile column, double value) => Figure(column.Kind, value);

    private static string Figure(ColumnKind kind, double value) => kind == ColumnKind.Date ? DateValue.Text((float)value)
        : value.ToString(Math.Abs(value) is >= 1e7 or (> 0 and < 1e-3) ? "G4" : "#,0.###", CultureInfo.InvariantCulture);
}
