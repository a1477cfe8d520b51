using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>Which class is taken for which, as a heat map: a row for each true class, shaded by the share of its rows that is predicted so.</summary>
internal static class ConfusionPlot
{
    /// <summary>More classes than this leave no room for figures: those with the most rows are shown.</summary>
    public const int MostShown = 20;

    // A smaller cell has room for one figure.
    private const double LeastForShares = 40;
    private const double MostEnlarged = 1.25;
    private const double Left = 138;
    private const double Top = 92;
    private const double Size = 530;

    public static Html Render(ClassReport classes)
    {
        int[] shown = [.. Enumerable.Range(0, classes.Each.Count).OrderByDescending(c => classes.Each[c].Rows).ThenBy(c => c).Take(MostShown).Order()];
        var side = Math.Min(64, (Size - Left) / shown.Length);
        var cells = new List<Html>();
        for (var i = 0; i < shown.Length; i++)
        {
            var name = classes.Each[shown[i]].Class;
            var middle = (i + 0.5) * side;
            cells.Add(Html.Of($"<text class=\"note\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{Html.Number(Top + middle + 3.5)}\">{Name(name, 20)}</text>"));
            cells.Add(Html.Of($"<text class=\"note\" transform=\"translate({Html.Number(Left + middle + 3.5)} {Top - 6}) rotate(-45)\">{Name(name, 16)}</text>"));
            for (var j = 0; j < shown.Length; j++) cells.Add(Cell(classes, shown[i], shown[j], Left + (j * side), Top + (i * side), side));
        }

        var (width, height) = (Left + (shown.Length * side) + 50, Top + (shown.Length * side) + 22);
        var center = Left + (shown.Length * side / 2);
        var axes = Html.Of($"<text class=\"label\" x=\"4\" y=\"{Html.Number(Top - 6)}\">true class</text>")
            + Html.Of($"<text class=\"label\" text-anchor=\"middle\" x=\"{Html.Number(center)}\" y=\"{Html.Number(height - 6)}\">predicted class (named above)</text>");
        var title = "Rows of each true class by the class predicted; shaded by the share of the true class"
            + (shown.Length < classes.Each.Count ? $"; the {shown.Length} of {classes.Each.Count} classes with the most rows" : "");
        return Html.Plot(title, width, height, axes + Html.Join(cells), MostEnlarged);
    }

    private static Html Cell(ClassReport classes, int actual, int predicted, double x, double y, double side)
    {
        var rows = classes.Confusion[actual][predicted];
        var share = (double)rows / Math.Max(1, classes.Each[actual].Rows);
        // What is right is drawn in one colour and what is wrong in another; the least share there is can still be seen.
        var opacity = rows == 0 ? 0 : 0.08 + (0.92 * share);
        var style = actual == predicted ? "right" : "wrong";
        var tip = $"{classes.Each[actual].Class} predicted {classes.Each[predicted].Class}: {CardText.Count(rows)} rows, {CardText.Percent(share)}";
        var place = Html.Of($"x=\"{Html.Number(x)}\" y=\"{Html.Number(y)}\" width=\"{Html.Number(side)}\" height=\"{Html.Number(side)}\"");
        var box = Html.Of($"<rect class=\"cell {style}\" {place} fill-opacity=\"{Html.Number(opacity)}\"><title>{tip}</title></rect>");
        return rows == 0 ? box
            : side < LeastForShares ? box + Figure(CardText.Count(rows), 3.5)
            : box + Figure(CardText.Count(rows), -1) + Figure(CardText.Percent(share), 12);

        Html Figure(string text, double below) => Html.Of(
            $"<text class=\"note {(opacity > 0.55 ? "light" : "dark")}\" text-anchor=\"middle\" x=\"{Html.Number(x + (side / 2))}\" y=\"{Html.Number(y + (side / 2) + below)}\">{text}</text>");
    }

    private static Html Name(string name, int most) => Html.Of($"<title>{name}</title>{CardText.Short(name, most)}");
}
