using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>A bar that lies on its side.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Value">Its length.</param>
/// <param name="Low">Lower end of its interval; the value itself where it has none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Figure">The value as it is written beside the bar.</param>
internal sealed record CardBar(string Name, double Value, double Low, double High, string Figure)
{
    public CardBar(string name, double value, string figure)
        : this(name, value, value, value, figure)
    {
    }
}

/// <summary>Bars one below the other, each with its name, its interval and its figure, as inline SVG.</summary>
internal static class CardBars
{
    private const double Left = 158;
    private const double Width = 528;
    private const double Right = 60;
    private const double Row = 20;
    private const double MostEnlarged = 1.33;

    /// <param name="title">What they are of.</param>
    /// <param name="bars">The bars, from the top.</param>
    /// <param name="most">The value of a bar of full length.</param>
    /// <param name="style">Their class.</param>
    public static Html Render(string title, IReadOnlyList<CardBar> bars, double most, string style)
    {
        // Bars below nothing go to the left of it, as far as the least interval goes.
        var least = Math.Min(0, bars.Select(b => b.Low).DefaultIfEmpty().Min());
        var rows = bars.Select((bar, i) =>
        {
            var y = 6 + (i * Row);
            var interval = bar.High > bar.Low
                ? Html.Of($"<line class=\"interval\" x1=\"{Place(bar.Low)}\" y1=\"{y + 7}\" x2=\"{Place(bar.High)}\" y2=\"{y + 7}\"/>") : Html.Empty;
            return Html.Of(
                $"<text class=\"label\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{y + 11}\"><title>{bar.Name}</title>{CardText.Short(bar.Name, 22)}</text>")
                + Html.Of($"<rect class=\"{style}\" x=\"{Place(Math.Min(0, bar.Value))}\" y=\"{y}\" width=\"{Html.Number(Math.Abs(At(bar.Value) - At(0)))}\" height=\"14\"/>{interval}")
                + Html.Of($"<text class=\"tick\" x=\"{Width - Right + 6}\" y=\"{y + 11}\">{bar.Figure}</text>");
        });
        var zero = least < 0 ? Html.Of($"<line class=\"axis\" x1=\"{Place(0)}\" y1=\"2\" x2=\"{Place(0)}\" y2=\"{10 + (bars.Count * Row)}\"/>") : Html.Empty;
        return Html.Plot(title, Width, 12 + (bars.Count * Row), Html.Join([.. rows, zero]), MostEnlarged);

        string Place(double value) => Html.Number(At(value));
        double At(double value) => Left + (Math.Clamp((value - least) / (most - least), 0, 1) * (Width - Left - Right));
    }
}
