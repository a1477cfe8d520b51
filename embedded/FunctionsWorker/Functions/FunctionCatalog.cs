using System.Reflection;
using System.Text.RegularExpressions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>The app's functions: those that run, and the names of those switched off.</summary>
internal sealed partial class FunctionCatalog
{
    private FunctionCatalog(IReadOnlyList<DeclaredFunction> running, IReadOnlyList<string> switchedOff, bool usesDurableTasks)
    {
        Running = running;
        SwitchedOff = switchedOff;
        UsesDurableTasks = usesDurableTasks;
    }

    public IReadOnlyList<DeclaredFunction> Running { get; }

    /// <summary>Disabled by a setting, or left out where settings name the functions that run.</summary>
    public IReadOnlyList<string> SwitchedOff { get; }

    /// <summary>Whether a function is an orchestrator, an activity or an entity, or takes the task hub's client.</summary>
    public bool UsesDurableTasks { get; }

    /// <summary>Why parameters get no value from the host, one sentence for each that only a converter of the app's can give.</summary>
    public IEnumerable<string> Unbound => Running.SelectMany(function => function.Inputs)
        .Where(input => input is { Refusal: not null, Converter: null })
        .Select(input => input.Refusal!);

    public IEnumerable<(DeclaredFunction Function, TTrigger Trigger)> TriggeredBy<TTrigger>()
        where TTrigger : TriggerSpec =>
        Running.Where(function => function.Trigger is TTrigger).Select(function => (function, (TTrigger)function.Trigger));

    /// <summary>Checks every function that is to run; what is wrong is noted, and the function left out.</summary>
    public static FunctionCatalog Of(
        IEnumerable<(string Name, MethodInfo Method)> marked, HostSettings settings, AppSettings appSettings, List<string> problems)
    {
        var found = marked.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var same in found.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            problems.Add($"The function name '{same.Key}' is used {same.Count()} times: {string.Join(", ", same.Select(function => PlaceOf(function.Method)))}. "
                + "Names are unique within an app, letter case aside; rename all but one.");
        }

        foreach (var missing in settings.Functions.Where(name => found.TrueForAll(function => !Same(function.Name, name))))
        {
            problems.Add($"The functions to run ({SettingReader.NameOf($"{SettingReader.HostSection}:functions:0")} and on) name '{missing}', which the app does not have. "
                + $"It has {string.Join(", ", found.Select(function => function.Name))}.");
        }

        var running = new List<DeclaredFunction>();
        var switchedOff = new List<string>();
        var usesDurableTasks = false;
        foreach (var (name, method) in found)
        {
            if ((settings.Functions.Count > 0 && !settings.Functions.Any(selected => Same(selected, name))) || appSettings.IsDisabled(name))
            {
                switchedOff.Add(name);
                continue;
            }

            if (!FunctionName().IsMatch(name))
                problems.Add($"The function name '{name}' ({PlaceOf(method)}) is not valid; expected a letter, then up to 127 letters, digits, hyphens and underscores.");
            var checker = new FunctionChecker(name, method, settings, appSettings, problems);
            if (checker.Check() is { } function)
                running.Add(function);
            usesDurableTasks |= checker.UsesDurableTasks;
        }

        CheckTaskNames(running, problems);
        return new FunctionCatalog(running, switchedOff, usesDurableTasks);
    }

    public static string PlaceOf(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";

    /// <summary>Attributes may rename orchestrations, activities and entities, so that unique functions need not be unique tasks.</summary>
    private static void CheckTaskNames(List<DeclaredFunction> functions, List<string> problems)
    {
        var tasks = functions.Select(function => (Function: function, Task: function.Trigger switch
        {
            OrchestrationTriggerSpec orchestration => $"orchestration '{orchestration.Name}'",
            ActivityTriggerSpec activity => $"activity '{activity.Name}'",
            EntityTriggerSpec entity => $"entity '{entity.Name}'",
            _ => null,
        }));
        foreach (var same in tasks.Where(entry => entry.Task is not null).GroupBy(entry => entry.Task, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            problems.Add($"The {same.Key} is implemented by several functions: {string.Join(", ", same.Select(entry => entry.Function.Name))}. Keep one.");
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex FunctionName();
}
