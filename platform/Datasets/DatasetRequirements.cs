using System.Globalization;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What rows there must be to make a dataset of.</summary>
public static class DatasetRequirements
{
    /// <summary>The least number of rows in all. <value>Default 50.</value></summary>
    public const int MinimumRows = 50;

    /// <summary>The least number of rows of a class. <value>Default 10.</value></summary>
    public const int MinimumRowsPerClass = 10;

    /// <summary>Classes of several that have too few rows left, or none in one of the parts.</summary>
    internal static List<ExcludedClass> FindUnfit(IReadOnlyList<TargetClass> classes)
    {
        var unfit = new List<ExcludedClass>();
        foreach (var (name, train, heldOut) in classes)
        {
            if (train + heldOut < MinimumRowsPerClass) unfit.Add(new ExcludedClass(name, TargetSurvey.TooFew(train + heldOut)));
            else if (heldOut == 0) unfit.Add(new ExcludedClass(name, "none of its rows is held out, so what a model knows of it cannot be measured"));
            else if (train == 0) unfit.Add(new ExcludedClass(name, "all of its rows are held out, so nothing can be learned of it"));
        }

        return unfit;
    }

    /// <param name="manifest">The dataset.</param>
    /// <param name="countValues">How many different values of the target a part has.</param>
    /// <returns>Why there is too little in it to learn from; null when there is enough.</returns>
    internal static Refusal? Check(DatasetManifest manifest, Func<DataSplit, long> countValues)
    {
        var target = manifest.Target;
        if (target.Task != LearningTask.BinaryClassification)
        {
            var constant = manifest.Splits.FirstOrDefault(s => countValues(s.Split) < 2);
            return manifest.Rows < MinimumRows
                ? new Refusal($"There are {manifest.Rows} usable rows; expected at least {MinimumRows}.", "Add rows.", Column: target.Column)
                : constant is null ? null : new Refusal(
                    $"The {HeldOutSplit.NameOf(constant.Split)} part has fewer than two values of the target. {HeldOutSplit.Describe(manifest)}",
                    "Add rows with other values of the target.", Column: target.Column);
        }

        if (manifest.Rows < MinimumRows || Math.Min(target.PositiveRows, target.NegativeRows) < MinimumRowsPerClass)
        {
            return new Refusal(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"There are {manifest.Rows} usable rows, {target.PositiveRows} of them '{target.Positive}' and {target.NegativeRows} '{target.Negative}'; ")
                    + $"expected at least {MinimumRows} rows and {MinimumRowsPerClass} of each class.",
                "Add rows.", Column: target.Column);
        }

        var lacking = manifest.Splits.FirstOrDefault(s => s.PositiveRows == 0 || s.PositiveRows == s.Rows);
        return lacking is null ? null : new Refusal(
            lacking.Rows == 0 ? $"The {HeldOutSplit.NameOf(lacking.Split)} part has no row. {HeldOutSplit.Describe(manifest)}"
            : $"The {HeldOutSplit.NameOf(lacking.Split)} part has no row of '{(lacking.PositiveRows == 0 ? target.Positive : target.Negative)}'; "
                + $"expected both classes in both parts. {HeldOutSplit.Describe(manifest)}",
            manifest.SplitBy switch
            {
                null when lacking.Rows == 0 => "Few rows that are alike in all columns stand on one side, and these have few combinations of values: bring more rows, or more columns.",
                null => "Add rows of that class.",
                { By: SplitKind.Group } when lacking.Rows == 0 => "Bring rows of more groups, or split by a column of more: of few groups none may be held out.",
                _ => "Add rows of that class, or choose another training.split.",
            },
            Column: target.Column);
    }
}
