using System.Text;
using System.Text.RegularExpressions;
using NCrontab;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Definitions;

/// <summary>Reads <c>definitions/{model}.yaml</c>.</summary>
public static partial class DefinitionParser
{
    /// <summary>The largest definition read, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>What a model may be called, in words.</summary>
    public const string ModelNames = "3 to 63 lower-case letters, digits and single hyphens, with neither end a hyphen";

    private const int ShortestModelName = 3;
    private const int LongestModelName = 63;
    private const string ScheduleExample = "\"0 0 3 * * *\" (every day at 03:00:00 UTC)";
    private const string NewData = "new-data";
    private const string Drift = "drift";
    private const string QuietPeriod = "quiet-period";
    private const string Marker = "marker";

    // Within 28 years every date, 29 February too, falls on every day of the week: what does not come in them never comes.
    private static readonly DateTime CalendarCycleStart = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A definition from the bytes of its file.</summary>
    /// <param name="yaml">The file's content, UTF-8.</param>
    /// <param name="expectedModelName">The model's name by the file's own name, without its extension.</param>
    public static DefinitionResult Parse(ReadOnlySpan<byte> yaml, string expectedModelName)
    {
        if (yaml.Length > MaxBytes)
        {
            return TooLarge();
        }

        try
        {
            return Parse(StrictUtf8.GetString(yaml), expectedModelName);
        }
        catch (DecoderFallbackException e)
        {
            return Refused(new Refusal(
                $"The file is not UTF-8: the bytes at offset {e.Index} are none.", "Save the file as UTF-8.", Line: 1 + yaml[..Math.Max(0, e.Index)].Count((byte)'\n')));
        }
    }

    /// <summary>A definition from its text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="expectedModelName">The model's name by the file's own name, without its extension.</param>
    public static DefinitionResult Parse(string yaml, string expectedModelName)
    {
        // UTF-8 takes at least a byte for each UTF-16 unit, so this never refuses what the overload for bytes takes.
        if (yaml.Length > MaxBytes)
        {
            return TooLarge();
        }

        var refusals = new List<Refusal>();
        var root = YamlTree.Read(yaml.TrimStart('\uFEFF'), refusals);
        if (root is null or YamlScalar { IsNull: true })
        {
            if (refusals.Count == 0)
            {
                refusals.Add(new Refusal("The definition is empty; expected at least model, task and target.", $"Begin with 'model: {expectedModelName}'.", Line: 1));
            }

            return Refused([.. refusals]);
        }

        if (root is not YamlMap map)
        {
            return Refused([.. refusals, new Refusal("The definition is not made of keys and values.", $"Begin with 'model: {expectedModelName}'.", Line: root.Line)]);
        }

        var definition = Read(map, expectedModelName, refusals);
        return refusals.Count == 0 ? new DefinitionResult(definition, []) : Refused([.. refusals]);
    }

    private static ModelDefinition Read(YamlMap map, string expectedModelName, List<Refusal> refusals)
    {
        var root = new SectionReader(
            "",
            map,
            ["model", "task", "target", "ignore", "sensitive", "features", "data", "training", "gates", "deployment", "scoring", "retraining"],
            refusals);
        var model = ReadModel(root, expectedModelName);
        var task = TargetSection.ReadTask(root);
        var target = TargetSection.ReadTarget(root, task);
        var ignore = root.TextList("ignore") ?? [];
        var sensitive = root.TextList("sensitive") ?? [];
        RefuseTargetIn(root, "ignore", ignore, target);
        RefuseTargetIn(root, "sensitive", sensitive, target);
        var training = TrainingSection.Read(root, task);
        if (training.Split is { } split)
        {
            RefuseTargetIn(root, "training", [split.Column], target);
        }

        return new ModelDefinition(
            model, task, target, ignore, sensitive, training,
            GateSection.Read(root, task, training, sensitive), ReadDeployment(root), ReadRetraining(root))
        {
            Data = ReadData(root),
            Features = FeaturesSection.Read(root, target.Column, ignore),
            Scoring = ScoringPolicy.Read(root),
        };
    }

    private static string ReadModel(SectionReader root, string expected)
    {
        if (root.RequiredText("model", expected) is not { } model)
        {
            return expected;
        }

        if (!IsModelName(model))
        {
            root.Refuse(
                root.LineOf("model"),
                $"model is '{model}'; expected {ModelNames}.",
                "Give the model a name such as credit-risk.");
        }
        else if (model != expected)
        {
            root.Refuse(
                root.LineOf("model"), $"model is '{model}', but the file is named for '{expected}'; expected the same.", $"Write 'model: {expected}', or name the file {model}.yaml.");
        }

        return model;
    }

    /// <summary>What is wrong with a name that no model may have.</summary>
    public static string WhyNoModelName(string name)
    {
        foreach (var character in name.EnumerateRunes())
        {
            if (character.Value is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return $"it has '{character}'";
        }

        return name.Length is < ShortestModelName or > LongestModelName
            ? $"it has {name.Length} character{(name.Length == 1 ? "" : "s")}"
            : "a hyphen begins or ends it, or stands beside another";
    }

    /// <summary>Whether a model may be called so: the name stands in blob paths and in ids.</summary>
    public static bool IsModelName(string name) => name.Length is >= ShortestModelName and <= LongestModelName && ModelName().IsMatch(name);

    private static DataPolicy ReadData(SectionReader root)
    {
        var section = root.Section("data", $"{{ complete: {Marker} }}", "complete", "identifiers", "rejects");
        return new DataPolicy(section.OneOf("complete", [QuietPeriod, Marker]) == Marker ? FolderCompletion.Marker : FolderCompletion.QuietPeriod)
        {
            Identifiers = IdentifierPolicy.Read(section),
            Rejects = section.Number("rejects", DataPolicy.UsualRejects, 0, 1),
        };
    }

    private static void RefuseTargetIn(SectionReader root, string key, IReadOnlyList<string> columns, TargetColumn target)
    {
        if (target.Column.Length > 0 && columns.Contains(target.Column))
        {
            root.Refuse(root.LineOf(key), $"{key} names '{target.Column}', which is the target.", $"Remove it from {key}: the target is never learned from.");
        }
    }

    private static DeploymentPolicy ReadDeployment(SectionReader root)
    {
        var usual = DeploymentPolicy.Default;
        var section = root.Section("deployment", "{ approval: required }", "approval", "approvers", "timeout");
        var approval = section.OneOf("approval", ["automatic", "required"]) == "required" ? ApprovalMode.Required : usual.Approval;
        foreach (var key in section.Keys.Where(key => approval == ApprovalMode.Automatic && key != "approval"))
        {
            section.Refuse(section.LineOf(key), $"deployment.{key} is given, but nobody is asked with approval: automatic.", $"Write 'approval: required', or remove {key}.");
        }

        return new DeploymentPolicy(
            approval, section.TextList("approvers") ?? usual.Approvers,
            section.Duration("timeout", usual.Timeout, DeploymentPolicy.ShortestTimeout, DeploymentPolicy.LongestTimeout));
    }

    private static RetrainingPolicy ReadRetraining(SectionReader root)
    {
        var usual = RetrainingPolicy.Default;
        var section = root.Section("retraining", "{ on: [new-data] }", "schedule", "on");
        var on = section.TextList("on");
        foreach (var cause in on ?? [])
        {
            if (cause is not (NewData or Drift))
            {
                section.Refuse(section.LineOf("on"), $"retraining.on names '{cause}'; expected any of {NewData}, {Drift}.", "Use these names, or an empty list for none.");
            }
        }

        return new RetrainingPolicy(
            ReadSchedule(section),
            on?.Contains(NewData) ?? usual.OnNewData,
            on?.Contains(Drift) ?? usual.OnDrift);
    }

    private static string? ReadSchedule(SectionReader section)
    {
        if (section.Text("schedule") is not { } text)
        {
            return null;
        }

        var schedule = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
        if (schedule is null)
        {
            section.Refuse(
                section.LineOf("schedule"),
                $"retraining.schedule is '{text}'; expected six fields: second, minute, hour, day, month, day of week.",
                $"Write it as {ScheduleExample}.");
        }
        else if (!schedule.GetNextOccurrences(CalendarCycleStart, CalendarCycleStart.AddYears(28)).Any())
        {
            section.Refuse(section.LineOf("schedule"), $"retraining.schedule is '{text}', which never comes.", $"Name a day that exists, such as {ScheduleExample}.");
        }

        return text;
    }

    private static DefinitionResult TooLarge() => Refused(new Refusal(
        $"The definition has more than {MaxBytes} bytes; expected at most so many.", "Remove what does not belong to the definition."));

    private static DefinitionResult Refused(params Refusal[] refusals) => new(null, [.. refusals.OrderBy(r => r.Line ?? 0)]);

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9])*\\z")]
    private static partial Regex ModelName();

}
