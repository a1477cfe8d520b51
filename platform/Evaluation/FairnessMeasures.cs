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
    private const string Chance = "By chance alone a model whose scores all come true would show up to the figure given, in 95% of samples of so many rows with these scores.";

    /// <param name="groups">All groups, small ones too.</param>
    /// <param name="calibrationByChance">What chance alone makes of calibration within groups; null where nothing is compared.</param>
    public static IReadOnlyList<FairnessMeasure> Of(IReadOnlyList<GroupFairness> groups, double? calibrationByChance)
    {
        var large = groups.Where(g => !g.Small).ToList();
        var selection = GroupGap.Of(Figures(large, g => g.SelectionRate));
        var (recall, fallout) = (Figures(large, g => g.TruePositiveRate), Figures(large, g => g.FalsePositiveRate));
        var precision = GroupGap.Of(Figures(large, g => g.Precision));
        return
        [
            Difference(DemographicParityDifference, selection, "The highest less the lowest share of rows predicted positive (selection rate) of any group."),
            Ratio(DemographicParityRatio, selection, "The lowest over the highest share of rows predicted positive (selection rate) of any group."),
            Difference(EqualOpportunityDifference, GroupGap.Of(recall), "The highest less the lowest true positive rate: of the rows that are positive, the share predicted so."),
            Difference(
                EqualizedOddsDifference, GroupGap.Greatest([recall, fallout]),
                "The greater of two differences between groups: of true positive rates, and of false positive rates (of the rows that are negative, the share predicted positive). The interval is of both."),
            Difference(PredictiveParityDifference, precision, "The highest less the lowest precision: of the rows predicted positive, the share that is."),
            Calibration(large, calibrationByChance),
        ];
    }

    private static FairnessMeasure Difference(string name, GroupGap? gap, string definition) => GroupGap.Difference(name, gap, $"{definition} {Compared}");

    private static FairnessMeasure Ratio(string name, GroupGap? gap, string definition) => GroupGap.Ratio(name, gap, $"{definition} {Compared}");

    private static FairnessMeasure Calibration(List<GroupFairness> groups, double? byChance)
    {
        const string definition = "The highest less the lowest difference of mean score and share of positives: how unequally scores overstate or understate what comes true.";
        if (groups.Count < 2)
        {
            return new FairnessMeasure(CalibrationWithinGroups, null, null, null, 0, null, null, groups.Count, $"{definition} {Compared}");
        }

        var (most, least) = (groups.MaxBy(g => g.CalibrationGap)!, groups.MinBy(g => g.CalibrationGap)!);
        return new FairnessMeasure(
            CalibrationWithinGroups, most.CalibrationGap - least.CalibrationGap, null, null, 0, most.Group, least.Group, groups.Count, $"{definition} {Compared} {Chance}")
        {
            ByChance = byChance,
        };
    }

    private static GroupFigure[] Figures(List<GroupFairness> groups, Func<GroupFairness, Proportion?> rate) =>
        [.. groups.SelectMany(g => rate(g) is { Rows: >= LeastCompared } found ? [GroupFigure.Of(g.Group, found)] : Array.Empty<GroupFigure>())];
}
