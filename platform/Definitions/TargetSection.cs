using Serverless.Platform.Datasets;

namespace Serverless.Platform.Definitions;

/// <summary>Reads a definition's <c>task</c> and <c>target</c>.</summary>
internal static class TargetSection
{
    private const string PositiveExample = "{ column: Status, positive: bad }";
    private const string ColumnExample = "{ column: Price }";

    private static readonly Dictionary<string, LearningTask> Tasks = new(StringComparer.Ordinal)
    {
        ["binary-classification"] = LearningTask.BinaryClassification,
        ["multiclass-classification"] = LearningTask.MulticlassClassification,
        ["regression"] = LearningTask.Regression,
    };

    /// <summary>How a task is called in definitions.</summary>
    public static string NameOf(LearningTask task) => Tasks.Single(t => t.Value == task).Key;

    /// <summary>The task; binary classification where it is refused, so that reading goes on.</summary>
    public static LearningTask ReadTask(SectionReader root)
    {
        if (root.Has("task"))
        {
            return root.OneOf("task", [.. Tasks.Keys]) is { } name ? Tasks[name] : LearningTask.BinaryClassification;
        }

        root.RequiredText("task", NameOf(LearningTask.BinaryClassification));
        return LearningTask.BinaryClassification;
    }

    public static TargetColumn ReadTarget(SectionReader root, LearningTask task)
    {
        var example = task == LearningTask.BinaryClassification ? PositiveExample : ColumnExample;
        if (!root.Has("target"))
        {
            root.Refuse(root.Line, "target is missing; it has no default.", $"Add 'target: {example}'.");
            return new TargetColumn("", null);
        }

        var before = root.RefusalCount;
        var target = root.Section("target", example, "column", "positive");
        return root.RefusalCount > before && !target.Keys.Any()
            ? new TargetColumn("", null)
            : new TargetColumn(target.RequiredText("column", "Status") ?? "", ReadPositive(target, task));
    }

    private static string? ReadPositive(SectionReader target, LearningTask task)
    {
        if (task != LearningTask.BinaryClassification)
        {
            if (target.Has("positive"))
            {
                target.Refuse(
                    target.LineOf("positive"),
                    $"target.positive is given, but the task is {NameOf(task)}, which has no positive class.",
                    $"Remove it, or write 'task: {NameOf(LearningTask.BinaryClassification)}' if the target has two classes.");
            }

            return null;
        }

        var positive = target.RequiredText("positive", "bad") ?? "";
        if (positive.Length > 0 && ValueParser.Category(positive).Length == 0)
        {
            target.Refuse(target.LineOf("positive"), $"target.positive is '{positive}', which in data counts as missing.", "Name the class by another value.");
        }

        return positive;
    }
}
