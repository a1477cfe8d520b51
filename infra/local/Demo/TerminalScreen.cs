using System.Globalization;
using Serverless.Local.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Serverless.Local.Demo;

/// <summary>For a terminal: the runs with their stage and a progress bar, redrawn in place; what is left at the end stays.</summary>
internal sealed class TerminalScreen : DemoScreen
{
    private const int BarWidth = 30;
    private const int Unbroken = 1000;
    private const string NoWrap = "\u001b[?7l";
    private const string Wrap = "\u001b[?7h";

    public override async Task<T> FollowAsync<T>(Func<Action<IReadOnlyList<RunView>>, Task<T>> work)
    {
        IReadOnlyList<RunView> last = [];
        var drawn = 0;
        var width = AnsiConsole.Profile.Width;
        try
        {
            // Each item is one line, cut off by the terminal where it is too long, so that it is known how many lines to go back.
            AnsiConsole.Profile.Width = Unbroken;
            Console.Write(NoWrap);
            return await work(runs =>
            {
                last = runs;
                drawn = Redraw(drawn, runs);
            }).ConfigureAwait(false);
        }
        finally
        {
            Erase(drawn);
            Console.Write(Wrap);
            AnsiConsole.Profile.Width = width;

            // Drawn again, whole: while it changes, what is taller than the terminal is left out at the top.
            foreach (var item in last.SelectMany(Draw))
                WriteLine(item);
            AnsiConsole.WriteLine();
        }
    }

    private static int Redraw(int drawn, IReadOnlyList<RunView> runs)
    {
        IReadOnlyList<IRenderable> items = runs.Count > 0 ? [.. runs.SelectMany(Draw)] : [new Markup("[grey]waiting for the first run …[/]")];
        IReadOnlyList<IRenderable> visible = [.. items.TakeLast(Math.Max(1, AnsiConsole.Profile.Height - 1))];
        Erase(drawn);
        foreach (var item in visible)
            WriteLine(item);
        return visible.Count;
    }

    private static void Erase(int lines)
    {
        if (lines > 0)
            Console.Write($"\u001b[{lines}A\r\u001b[0J");
    }

    private static void WriteLine(IRenderable item)
    {
        AnsiConsole.Write(item);
        AnsiConsole.WriteLine();
    }

    public override void Say(string text = "") => Console.WriteLine(text);

    public override void Step(string text) => AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left });

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
        return $"  [green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] {Markup.Escape(progress.ToString())}";
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");
}
