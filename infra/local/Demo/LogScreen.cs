using Serverless.Local.Runs;

namespace Serverless.Local.Demo;

/// <summary>For logs and pipes: each new fact is a line, once.</summary>
internal sealed class LogScreen : DemoScreen
{
    private readonly HashSet<(string RunId, string Line)> _said = [];

    public override Task<T> FollowAsync<T>(Func<Action<IReadOnlyList<RunView>>, Task<T>> work) => work(Show);

    public override void Say(string text = "") => Console.WriteLine(text);

    public override void Step(string text) => Console.WriteLine($"\n== {text}");

    private void Show(IReadOnlyList<RunView> runs)
    {
        foreach (var run in runs)
        {
            SayOnce(run, $"run {run.Id}");
            if (!run.IsOver && run.Stage is { Length: > 0 } stage)
                SayOnce(run, run.Progress is { Total: > 0 } progress ? $"{stage} {progress}" : stage);
            foreach (var fact in RunNarrative.Facts(run))
                SayOnce(run, fact);
        }
    }

    private void SayOnce(RunView run, string line)
    {
        if (_said.Add((run.Id, line)))
            Console.WriteLine($"{run.Kind,-14} {line}");
    }
}
