using System.Globalization;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Storage;

/// <summary>A refusal report as a page for the person who dropped the file.</summary>
internal static class RefusalPage
{
    private const int MostListed = 500;

    public static string Render(RefusalReport report)
    {
        var what = report.WholeFile ? "Refused" : "Rows refused";
        var body = Html.Of($"""
            <header><h1>{report.File.Split('/')[^1]} <small>{report.File}</small></h1>
            <p><span class="badge no">{what}</span> on {report.RefusedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}{(report.Run.Length > 0 ? Html.Of($" by run <code>{report.Run}</code>") : Html.Empty)}; version <code>{report.ETag}</code>.</p></header>
            {Summary(report)}{Why(report)}{ByColumn(report)}{Rows(report)}
            <footer class="soft">The same as JSON stands beside this page. Values are quoted in part; card numbers, IBANs, e-mail addresses and international telephone numbers are not, but a name may be.</footer>
            """);
        return Page.Render($"{what}: {report.File}", body);
    }

    private static Html Summary(RefusalReport report) => report.WholeFile
        ? Html.Of($"<div class=\"warn\"><b>Nothing of the file was taken.</b> What has to be done is said below; drop the file again then.{(report.NotCopied is { } why ? Html.Of($"<br>{why}") : Html.Empty)}</div>\n")
        : Html.Of($"<div class=\"warn\"><b>{Count(report.RefusedRows)} {(report.RefusedRows == 1 ? "row was" : "rows were")} left out; the others were taken.</b></div>\n");

    private static Html ByColumn(RefusalReport report)
    {
        if (report.Counts is { } counts)
        {
            return Html.Of($"<h2>By column</h2>\n") + Html.Table(
                ["column", "rule", "#rows", "for example", "what to do"],
                counts.Take(MostListed).Select(c => (Count: c, Example: report.Refusals.FirstOrDefault(r => r.Row is not null && r.Column == c.Column && r.Rule == c.Rule)))
                    .Select(c => new[]
                    {
                        Html.Of($"<b>{c.Count.Column}</b>"), Html.Text(c.Count.Rule), Html.Text(Count(c.Count.Count)), Html.Text(c.Example?.Reason ?? "–"), Html.Text(c.Example?.Remedy ?? "–"),
                    }));
        }

        var columns = report.Refusals.Where(r => r.Row is not null && r.Column is not null).GroupBy(r => r.Column ?? "").ToList();
        return columns.Count == 0 ? Html.Empty : Html.Of($"<h2>By column</h2>\n") + Html.Table(
            ["column", "#listed", "for example", "what to do"],
            columns.OrderByDescending(c => c.Count()).Select(c => new[]
            {
                Html.Of($"<b>{c.Key}</b>"), Html.Text(Count(c.Count())), Html.Text(c.First().Reason), Html.Text(c.First().Remedy),
            }));
    }

    private static Html Why(RefusalReport report) => !report.WholeFile ? Html.Empty
        : Html.Of($"<h2>Why</h2>\n") + List([.. report.Refusals.Where(r => report.RefusedRows == 0 || r.Row is null)]);

    private static Html Rows(RefusalReport report) => report.RefusedRows == 0 ? Html.Empty
        : Html.Of($"<h2>Row by row</h2>\n") + List([.. report.Refusals.Where(r => !report.WholeFile || r.Row is not null)])
            + (report.Listed is { } listed ? Html.Of($"<p class=\"soft\">These are {listed}; the counts are whole.</p>") : Html.Empty);

    private static Html List(IReadOnlyList<Refusal> refusals) => Html.Table(
        ["#row", "#line", "column", "what was found", "what to do"],
        refusals.Take(MostListed).Select(r => new[]
        {
            Html.Text(Place(r.Row)), Html.Text(Place(r.Line)), Html.Text(r.Column ?? "–"), Html.Text(r.Reason), Html.Text(r.Remedy),
        })) + (refusals.Count > MostListed ? Html.Of($"<p class=\"soft\">The first {MostListed} of {Count(refusals.Count)} that the report has.</p>") : Html.Empty);

    private static string Place(long? place) => place is { } p ? Count(p) : "–";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
