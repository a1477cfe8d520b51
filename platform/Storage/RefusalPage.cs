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
            {Summary(report)}{ByColumn(report)}{List(report)}
            <footer class="soft">The same as JSON stands beside this page. Values are quoted in part, and never where they name somebody.</footer>
            """);
        return Page.Render($"{what}: {report.File}", body);
    }

    private static Html Summary(RefusalReport report) => report.WholeFile
        ? Html.Of($"<div class=\"warn\"><b>Nothing of the file was taken.</b> What has to be done is said below; drop the file again then.</div>\n")
        : Html.Of($"<div class=\"warn\"><b>{Count(report.RefusedRows)} rows were left out; the others were taken.</b></div>\n");

    private static Html ByColumn(RefusalReport report)
    {
        var columns = report.Refusals.Where(r => r.Row is not null && r.Column is not null).GroupBy(r => r.Column ?? "").ToList();
        return columns.Count == 0 ? Html.Empty : Html.Of($"<h2>By column</h2>\n") + Html.Table(
            ["column", "#listed", "for example", "what to do"],
            columns.OrderByDescending(c => c.Count()).Select(c => new[]
            {
                Html.Of($"<b>{c.Key}</b>"), Html.Text(Count(c.Count())), Html.Text(c.First().Reason), Html.Text(c.First().Remedy),
            }));
    }

    private static Html List(RefusalReport report)
    {
        var more = report.RefusedRows > MostListed || report.Refusals.Count > MostListed ? Html.Of($"<p class=\"soft\">The first are listed; the counts are whole.</p>") : Html.Empty;
        return Html.Of($"<h2>{(report.WholeFile ? "Why" : "Row by row")}</h2>\n") + Html.Table(
            ["#row", "#line", "column", "what was found", "what to do"],
            report.Refusals.Take(MostListed).Select(r => new[]
            {
                Html.Text(Place(r.Row)), Html.Text(Place(r.Line)), Html.Text(r.Column ?? "–"), Html.Text(r.Reason), Html.Text(r.Remedy),
            })) + more;
    }

    private static string Place(long? place) => place is { } p ? Count(p) : "–";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
