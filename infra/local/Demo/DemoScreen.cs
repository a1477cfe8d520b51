using Serverless.Local.Runs;
using Spectre.Console;

namespace Serverless.Local.Demo;

/// <summary>Shows runs as they go on: redrawn in place on a terminal, line by line in a log.</summary>
internal abstract class DemoScreen
{
    public static DemoScreen ForThisConsole() =>
        AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Interactive ? new TerminalScreen() : new LogScreen();

    /// <summary>Does <paramref name="work"/>, which hands over the runs to show whenever it has looked at them.</summary>
    public abstract Task<T> FollowAsync<T>(Func<Action<IReadOnlyList<RunView>>, Task<T>> work);

    /// <summary>Prints plain text, without markup.</summary>
    public abstract void Say(string text = "");

    /// <summary>Prints the heading of a step.</summary>
    public abstract void Step(string text);
}
