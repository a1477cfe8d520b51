namespace Serverless.Platform.Evaluation;

/// <summary>
/// Group fairness measures, with their usual names and definitions (Barocas, Hardt, Narayanan: Fairness and Machine Learning, 2023, ch. 3;
/// Hardt, Price, Srebro, NIPS 2016; Chouldechova, Big Data 5, 2017).
/// </summary>
internal static class FairnessMeasures
{
    public const string DemographicParityDifference = "demographic-parity-difference";
    public const string DemographicParityRatio = "demographic-parity-ratio";
    public const string EqualOpportunityDifference = "equal-opportunity-difference";
    public const string EqualizedOddsDifference = "equalized-odds-difference";
    public const string PredictiveParityDifference = "predictive-parity-difference";
    public const string CalibrationWithinGroups = "calibration-within-groups";

    /// <summary>A rate over fewer rows is too uncertain to be an extreme.</summary>
    public const int LeastCompared = 10;

    private const string Compared = "Small groups, and rates over fewer than 10 rows, are left out.";

    public static IReadOnlyList<FairnessMeasure> Of(IReadOnlyList<GroupFairness> groups)
    {
        var large = groups.Where(g => !g.Small).ToList();
        var selection = Gap(large, g => g.SelectionRate);
        var recall = Gap(large, g => g.TruePositiveRate);
        var fallout = Gap(large, g => g.FalsePositiveRate);
        var precision = Gap(large, g => g.Precision);
        var odds = recall is null || fallout is null ? null : recall.Value >= fallout.Value ? recall : fallout;
        return
        [
            Difference(DemographicParityDifference, selection, "The highest less the lowest share of rows predicted positive (selection rate) of any group."),
            Ratio(DemographicParityRatio, selection, "The lowest over the highest share of rows predicted positive (selection rate) of any group."),
            Difference(EqualOpportunityDifference, recall, "The highest less the lowest true positive rate: of the rows that are positive, the share predicted so."),
            Difference(
                EqualizedOddsDifference, odds,
                "The greater of two differences between groups: of true positive rates, and of false positive rates (of the rows that are negative, the share predicted positive)."),
            Difference(PredictiveParityDifference, precision, "The highest less the lowest precision: of the rows predicted positive, the share that is."),
            Calibration(large),
        ];
    }

    private static FairnessMeasure Difference(string name, GroupGap? gap, string definition) => GroupGap.Difference(name, gap, $"{definition} {Compared}");

    private static FairnessMeasure Ratio(string name, GroupGap? gap, string definition) => gap is not { Top.Value: > 0 }
        ? new FairnessMeasure(name, null, null, null, 1, null, null, gap?.Groups ?? 0, $"{definition} {Compared}")
        : new FairnessMeasure(
            name, gap.Bottom.Value / gap.Top.Value, null, null, 1, gap.Top.Group, gap.Bottom.Group, gap.Groups, $"{definition} {Compared}");

    private static FairnessMeasure Calibration(List<GroupFairness> groups)
    {
        const string definition = "The highest less the lowest difference of mean score and share of positives: how unequally scores overstate or understate what comes true.";
        if (groups.Count < 2)
        {
            return new FairnessMeasure(CalibrationWithinGroups, null, null, null, 0, null, null, groups.Count, $"{definition} {Compared}");
        }

        var (most, least) = (groups.MaxBy(g => g.CalibrationGap)!, groups.MinBy(g => g.CalibrationGap)!);
        return new FairnessMeasure(
            CalibrationWithinGroups, most.CalibrationGap - least.CalibrationGap, null, null, 0, most.Group, least.Group, groups.Count, $"{definition} {Compared}");
    }

    private static GroupGap? Gap(List<GroupFairness> groups, Func<GroupFairness, Proportion?> rate) =>
        GroupGap.Of([.. groups.SelectMany(g => rate(g) is { Rows: >= LeastCompared } found ? [GroupFigure.Of(g.Group, found)] : Array.Empty<GroupFigure>())]);
}
