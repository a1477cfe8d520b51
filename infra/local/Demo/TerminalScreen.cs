using System.Globalization;
using Serverless.Local.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Serverless.Local.Demo;

/// <summary>For a terminal: the runs with their stage and a progress bar, redrawn in place; what is left at the end stays.</summary>
internal sealed class TerminalScreen : DemoScreen
{
    private const int BarWidth = 30;

    public override async Task<T> FollowAsync<T>(Func<Action<IReadOnlyList<RunView>>, Task<T>> work)
    {
        IReadOnlyList<RunView> last = [];
        var live = AnsiConsole.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top);
        try
        {
            return await live.StartAsync(context => work(runs =>
            {
                last = runs;
                context.UpdateTarget(Draw(runs));
                context.Refresh();
            })).ConfigureAwait(false);
        }
        finally
        {
            // Drawn again, whole: while live, what is taller than the terminal is cropped.
            AnsiConsole.Write(Draw(last));
            AnsiConsole.WriteLine();
        }
    }

    public override void Say(string text = "") => Console.WriteLine(text);

    public override void Step(string text) => AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left });

    private static IRenderable Draw(IReadOnlyList<RunView> runs) =>
        runs.Count > 0 ? new Rows(runs.SelectMany(Draw)) : new Markup("[grey]waiting for the first run …[/]");

    private static IEnumerable<IRenderable> Draw(RunView run)
    {
        var (mark, colour) = run.State switch
        {
            "Completed" => ("✓", "green"),
            "Failed" or "Terminated" => ("✗", "red"),
            _ => ("●", "yellow"),
        };
        var elapsed = ((run.IsOver ? run.UpdatedAt : TimeProvider.System.GetUtcNow()) - run.CreatedAt).TotalSeconds;
        yield return new Markup($"[{colour}]{mark}[/] [bold]{Markup.Escape(RunNarrative.Title(run))}[/]  [grey]{Seconds(elapsed)}  {Markup.Escape(run.Id)}[/]");
        if (!run.IsOver && run.Stage is { Length: > 0 } stage)
            yield return new Markup($"    [yellow]{Markup.Escape(stage)}[/]{Bar(run.Progress)}");
        foreach (var fact in RunNarrative.Facts(run))
            yield return new Text($"    {fact}");
    }

    private static string Bar(RunProgress? progress)
    {
        if (progress is not { Total: > 0 })
            return "";
        var filled = Math.Clamp(BarWidth * progress.Done / progress.Total, 0, BarWidth);
        return $"  [green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] {progress.Done}/{progress.Total}";
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");
}
