using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>Looks for leakage (Kaufman, Rosset, Perlich, KDD 2011): features that know the answer, identifiers, rows on both sides of the split.</summary>
public static class LeakageCheck
{
    /// <summary>A single feature that ranks the target this well is more often recorded after the outcome than found before it.</summary>
    public const double SuspiciousAuc = 0.95;

    /// <summary>The same for a target that is a number: so much of its variance is rarely foreseen by one thing.</summary>
    public const double SuspiciousR2 = 0.95;

    /// <summary>A column of texts this distinct names rows rather than describes them. Curation leaves out those above 90%.</summary>
    public const double DistinctTexts = 0.5;

    /// <summary>The same for whole numbers, which are distinct more easily.</summary>
    public const double DistinctNumbers = 0.95;

    /// <summary>From which share of held-out rows on repeats move the metrics by more than their intervals leave open.</summary>
    public const double RepeatedShare = 0.01;

    // Below this many values, being distinct says nothing.
    private const int LeastValues = 100;
    private const int MostFeatures = 20;
    private const string Identifier = "identifier";

    // Cases of which more are alike by the columns that describe them are not told apart by these.
    private const double LeastDistinct = 0.5;

    /// <param name="train">The training rows.</param>
    /// <param name="heldOut">The held-out rows, of the same columns.</param>
    /// <param name="target">The target's header, for the sentences.</param>
    /// <param name="cancellationToken">Checked before every column.</param>
    public static LeakageReport Run(LabeledTable train, LabeledTable heldOut, string target, CancellationToken cancellationToken)
    {
        var strengths = SingleFeatures.Measure(train, cancellationToken);
        var ofNumber = train.Task == LearningTask.Regression;
        var bound = ofNumber ? SuspiciousR2 : SuspiciousAuc;
        var findings = new List<LeakageFinding>();
        findings.AddRange(strengths.Where(s => s.Value >= bound).Select(s => new LeakageFinding(
            "single-feature", s.Column, s.Value, bound,
            ofNumber
                ? Text($"'{s.Column}' alone explains {100 * s.Value:F1}% of the variance of '{target}' on the training rows; from {100 * bound:F0}% on it nearly determines the target.")
                : Text($"'{s.Column}' alone ranks '{target}' with a ROC AUC of {s.Value:F3} on the training rows; from {bound} on it nearly determines the target."),
            $"Make sure it is known before the outcome is. If it is recorded afterwards or derived from the target, name it under 'ignore' and train again.")));
        for (var c = 0; c < train.Features.Columns.Count; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FindIdentifier(train.Features, c) is { } identifier) findings.Add(identifier);
        }

        var compared = ComparedColumns(train.Features, heldOut.Features, findings);
        var near = NearRepeats.Find(train, heldOut, compared, cancellationToken);
        var repeats = Repeats.Find(train, heldOut, compared) with { NearlySame = near.Found };
        findings.AddRange(Judge(repeats, train.Task));
        if (near is { Column: { } differing } && (double)near.Found / near.HeldOutRows >= RepeatedShare)
        {
            findings.Add(new LeakageFinding(
                "near-repeated-rows", differing, (double)near.Found / near.HeldOutRows, RepeatedShare,
                Text($"{near.Found} of {near.HeldOutRows} held-out rows ({100.0 * near.Found / near.HeldOutRows:F1}%) agree with a training row in all columns but one, most of them but '{differing}', and in values too rare together for chance."),
                "If they are records of one case at several times, hold out whole cases ('split: { group: … }' under 'training', by the column that names the case), or keep one record of each."));
        }

        return new LeakageReport(findings, [.. strengths.Take(MostFeatures)], repeats);
    }

    /// <summary>What makes a column look like an identifier; null when nothing does.</summary>
    internal static LeakageFinding? FindIdentifier(FeatureTable table, int column)
    {
        var (name, kind) = table.Columns[column];
        if (kind is not (ColumnKind.Number or ColumnKind.Category)) return null;
        int values, distinct;
        if (kind == ColumnKind.Number)
        {
            var numbers = table.Numbers(column);
            values = numbers.Count(n => !float.IsNaN(n));
            if (numbers.Any(n => !float.IsNaN(n) && n != MathF.Truncate(n))) return null;
            distinct = numbers.Where(n => !float.IsNaN(n)).Distinct().Count();
        }
        else
        {
            var texts = table.Categories(column);
            values = texts.Count(t => t.Length > 0);
            distinct = texts.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).Count();
        }

        var (share, bound) = ((double)distinct / Math.Max(values, 1), kind == ColumnKind.Number ? DistinctNumbers : DistinctTexts);
        return values < LeastValues || share < bound ? null : new LeakageFinding(
            Identifier, name, share, bound,
            Text($"'{name}' looks like an identifier: {distinct} distinct {(kind == ColumnKind.Number ? "whole numbers" : "texts")} in {values} values."),
            "If it numbers or names rows, name it under 'ignore': what is learned from it does not hold for new rows.");
    }

    /// <summary>
    /// The columns that rows are compared by: not those that look like identifiers, which would tell one case under two numbers apart; all of them where the others
    /// say too little to tell cases apart.
    /// </summary>
    private static string[] ComparedColumns(FeatureTable train, FeatureTable heldOut, IReadOnlyList<LeakageFinding> findings)
    {
        string[] all = [.. train.Columns.Select(c => c.Name).Intersect(heldOut.Columns.Select(c => c.Name), StringComparer.Ordinal)];
        string[] compared = [.. all.Except(findings.Where(f => f.Kind == Identifier).Select(f => f.Column), StringComparer.Ordinal).OfType<string>()];
        return compared.Length == all.Length || FeatureHash.Of(train, compared).Distinct().Count() < LeastDistinct * train.RowCount ? all : compared;
    }

    private static IEnumerable<LeakageFinding> Judge(RepeatedRows repeats, LearningTask task)
    {
        var all = Math.Max(repeats.HeldOutRows, 1);
        if (repeats.SameRow > 0)
        {
            yield return new LeakageFinding(
                "repeated-rows", null, (double)repeats.SameRow / all, 0,
                $"{repeats.SameRow} of {repeats.HeldOutRows} held-out rows are training rows too, so the metrics are partly of rows that were learned.",
                "The split keeps equal rows on one side; build the dataset anew from its files.");
        }

        if ((double)repeats.SameFeatures / all >= RepeatedShare)
        {
            yield return new LeakageFinding(
                "repeated-rows", null, (double)repeats.SameFeatures / all, RepeatedShare,
                Text($"{repeats.SameFeatures} of {repeats.HeldOutRows} held-out rows ({100.0 * repeats.SameFeatures / all:F1}%) have the features and label of a training row."),
                "If they are records of one case, keep one of each, and name columns that only number them under 'ignore'; if cases are truly alike in all columns, the metrics hold for such data only.");
        }

        // A number that differs between like cases is what its error is made of, and no contradiction.
        if (task != LearningTask.Regression && (double)repeats.OtherLabel / all >= RepeatedShare)
        {
            yield return new LeakageFinding(
                "contradicting-rows", null, (double)repeats.OtherLabel / all, RepeatedShare,
                Text($"{repeats.OtherLabel} of {repeats.HeldOutRows} held-out rows ({100.0 * repeats.OtherLabel / all:F1}%) have the features of a training row but another label."),
                "No model can tell such rows apart. Look for labels that were corrected later, or add the column that sets the cases apart.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
