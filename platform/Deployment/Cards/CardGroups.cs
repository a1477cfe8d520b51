using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How a version treats the groups of each sensitive column.</summary>
internal static class CardGroups
{
    /// <summary>What <see cref="Few(Proportion?)"/> and <see cref="Few(GroupFairness)"/> mark, in words.</summary>
    public static readonly string OfFew =
        $"† of fewer than {FairnessMeasures.LeastCompared} rows: left out of measures and gates. ROC AUC is not measured with fewer than {AucInterval.LeastOfEither} rows of either class.";

    private const int MostShown = 40;

    public static Html Render(CardContent card) => card.Fairness is not { } fairness
        ? Html.Empty
        : Html.Of($"<h2>Groups of people</h2><p>{fairness.Reading}</p>{(Inputs(card) is { } inputs ? Html.Of($"<p>{inputs}</p>") : Html.Empty)}{Html.Join(fairness.Columns.Select(c => Column(c, fairness.Positive)))}");

    /// <summary>Whether the model learned from these columns.</summary>
    public static string? Inputs(CardContent card) => card.SensitiveInputs is not { } columns
        ? null
        : $"Sensitive columns: {columns}. To keep a sensitive column out of a model, name it under ignore as well.";

    private static Html Column(ColumnFairness whole, string? positive)
    {
        var column = whole with
        {
            Groups = [.. whole.Groups.Take(MostShown)],
            ClassGroups = whole.ClassGroups?.Take(MostShown).ToList(),
            ValueGroups = whole.ValueGroups?.Take(MostShown).ToList(),
        };
        var all = whole.Groups.Count + (whole.ClassGroups?.Count ?? 0) + (whole.ValueGroups?.Count ?? 0);
        var more = all <= MostShown ? Html.Empty : Html.Of($"<p class=\"soft\">{MostShown} of {all} groups; fairness.json has all.</p>");
        var groups = column switch
        {
            { ClassGroups: { } classes } => CardClassGroups.Render(column.Column, classes),
            { ValueGroups: { } values } => CardValueGroups.Render(column.Column, values),
            _ => CardBinaryGroups.Render(column, positive ?? ""),
        };
        var measures = Html.Table(["measure", "#value", "#95% interval", "#when equal", "lowest – highest", "definition"], column.Measures.Select(m => Html.Cells(
            m.Name, CardText.Figure(m.Value), Interval(m), m.Equal == 0 ? "0" : "1",
            m.Value is null ? "fewer than two groups can be compared" : $"{m.Lowest} – {m.Highest}", m.Definition)));
        var few = column.Groups.Any(IsOfFew) ? Html.Of($"<p class=\"soft\">{OfFew}</p>") : Html.Empty;
        var note = column.Groups.Any(g => g.Small) || column.ClassGroups?.Any(g => g.Small) == true || column.ValueGroups?.Any(g => g.Small) == true
            ? Html.Of($"<p class=\"soft\">* fewer than {SliceEvaluation.LeastRows} rows, or put together of such groups: shown, but left out of the measures.</p>") : Html.Empty;
        return Html.Of($"<h3>{column.Column}</h3>{groups}{more}{note}{few}{measures}");
    }

    /// <summary>A group's name, marked where it is too small to compare.</summary>
    public static string Name(string group, bool small) => group + (small ? " *" : "");

    /// <summary>The mark of a rate over so few rows that it is left out.</summary>
    public static string Few(Proportion? rate) => rate is { Rows: >= FairnessMeasures.LeastCompared } ? "" : " †";

    /// <summary>The mark of a group without a ROC AUC.</summary>
    public static string Few(GroupFairness group) => group.RocAuc is null ? " †" : "";

    /// <summary>Whether a figure of the group is marked.</summary>
    public static bool IsOfFew(GroupFairness group) =>
        Few(group).Length + Few(group.TruePositiveRate).Length + Few(group.FalsePositiveRate).Length + Few(group.Precision).Length > 0;

    /// <summary>A measure's interval, or what chance alone would show of one that has none.</summary>
    public static string Interval(FairnessMeasure measure) =>
        measure.ByChance is { } chance ? $"by chance up to {CardText.Figure(chance)}" : CardText.Interval(measure.Low, measure.High);

    /// <summary>A share above its interval.</summary>
    public static Html Share(Proportion? share) => share is null
        ? Html.Text("–")
        : Html.Of($"{CardText.Percent(share.Value)}<br><span class=\"soft\">{CardText.Percent(share.Low)} – {CardText.Percent(share.High)}</span>");

    /// <summary>A figure above its interval.</summary>
    public static Html Estimate(MetricEstimate? estimate) => estimate is null
        ? Html.Text("–")
        : Html.Of($"{CardText.Figure(estimate.Value)}<br><span class=\"soft\">{CardText.Interval(estimate.Low, estimate.High)}</span>");
}
