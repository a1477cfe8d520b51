namespace Serverless.Platform.Pages;

/// <summary>A page that stands alone: no script, nothing fetched, fit to print.</summary>
internal static class Page
{
    private const string Style = """
        :root { --ink: #1c2733; --soft: #5b6877; --line: #d8dee6; --main: #1f4e79; --warm: #b8502a; --pale: #f4f6f9; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.5rem 3rem; color: var(--ink); background: #fff;
          font: 15px/1.5 "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
        header { border-bottom: 3px solid var(--main); padding-bottom: .8rem; margin-bottom: 1.2rem; }
        h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; } h1 small { font-size: 1.05rem; color: var(--soft); font-weight: 400; }
        h2 { margin: 2.2rem 0 .6rem; font-size: 1.25rem; color: var(--main); border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
        h3 { margin: 1.4rem 0 .4rem; font-size: 1.02rem; }
        p { margin: .5rem 0; } .soft { color: var(--soft); font-size: .88rem; }
        .badge { display: inline-block; padding: .1rem .7rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; white-space: nowrap; color: #fff; background: var(--main); }
        .badge.no { background: var(--warm); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1rem 0; }
        .tile { background: var(--pale); border-left: 3px solid var(--main); padding: .55rem .8rem; }
        .tile b { display: block; font-size: 1.45rem; line-height: 1.25; } .tile span { color: var(--soft); font-size: .8rem; }
        .warn { border-left: 4px solid var(--warm); background: #fcf3ef; padding: .5rem .9rem; margin: .7rem 0; }
        .good { border-left: 4px solid #3d7a52; background: #f1f7f3; padding: .5rem .9rem; margin: .7rem 0; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .88rem; }
        th, td { text-align: left; padding: .3rem .45rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; min-width: 5.2rem; }
        th { color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom; }
        .n { text-align: right; font-variant-numeric: tabular-nums; min-width: 0; overflow-wrap: break-word; } td.n { white-space: nowrap; }
        @media screen { .scroll { overflow-x: auto; scrollbar-width: thin; background:
            linear-gradient(to right, #fff 35%, rgba(255, 255, 255, 0)) left / 3rem 100% no-repeat local,
            linear-gradient(to left, #fff 35%, rgba(255, 255, 255, 0)) right / 3rem 100% no-repeat local,
            linear-gradient(to right, rgba(28, 39, 51, 0) 2px, rgba(28, 39, 51, .28) 2px, rgba(28, 39, 51, 0)) left / 1rem calc(100% - 4px) no-repeat scroll,
            linear-gradient(to left, rgba(28, 39, 51, 0) 2px, rgba(28, 39, 51, .28) 2px, rgba(28, 39, 51, 0)) right / 1rem calc(100% - 4px) no-repeat scroll; }
          th, td, td:not(.long) code { overflow-wrap: break-word; } td.long, th.long { overflow-wrap: anywhere; min-width: 14rem; } .values { min-width: 9.5rem; } table.many { min-width: 44rem; } figure.wide svg { min-width: var(--least); } }
        @media screen and (max-width: 46rem) { .scroll:has(> table.many)::before { content: "Scroll sideways for the other columns →"; } }
        @media screen and (max-width: 28rem) { figure.wide > .scroll::before { content: "Scroll sideways for the rest →"; } }
        .scroll::before { display: block; position: sticky; left: 0; color: var(--soft); font-size: .78rem; }
        td .soft { font-size: .8em; } .yes { color: #2f6b45; font-weight: 600; } .nope { color: var(--warm); font-weight: 600; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; align-items: end; }
        figure { margin: .4rem 0; min-width: 0; } figcaption { color: var(--soft); font-size: .82rem; text-align: center; }
        svg { width: 100%; height: auto; display: block; } svg text { font-family: inherit; fill: var(--ink); }
        svg.small { width: 10.8rem; } .tick, .note { font-size: 10.5px; } .label { font-size: 11.5px; } .grid { stroke: #e8ecf1; } .axis { stroke: #8a96a3; }
        .curve { fill: none; stroke: var(--main); stroke-width: 2; } .chance { fill: none; stroke: #9aa5b1; stroke-dasharray: 4 3; }
        .mark { fill: var(--warm); } .interval { stroke: var(--ink); stroke-width: 1.2; } .cut { stroke: var(--ink); stroke-dasharray: 5 3; }
        .cell { stroke: #fff; } .right { fill: var(--main); } .wrong { fill: var(--warm); } svg text.light { fill: #fff; }
        .curve-bar { fill: var(--main); opacity: .82; } .positive { fill: var(--warm); opacity: .62; } .negative { fill: var(--main); opacity: .45; }
        li { margin: .3rem 0; } code { font: .85em "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
        footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; }
        @media screen and (max-width: 40rem) { body { padding: 1.2rem 1rem 2rem; } }
        @page { size: A4; margin: 16mm 14mm; }
        @media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2, h3 { break-after: avoid; } figure, tr, .tile, .warn { break-inside: avoid; }
          .plots { grid-template-columns: 1fr 1fr; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
        """;

    /// <param name="title">What the browser's tab says.</param>
    /// <param name="body">What stands on it.</param>
    public static string Render(string title, Html body) => Html.Of($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{title}</title><style>
        {new Html(Style)}
        </style></head><body>
        {body}
        </body></html>

        """).Markup;
}
