using System.Globalization;

namespace Serverless.Platform.Pages;

/// <summary>A plot with a horizontal and a vertical axis, as inline SVG.</summary>
internal sealed class SvgPlot(string title, string across, string up, PlotAxis acrossAxis, PlotAxis upAxis)
{
    private const double Width = 340;
    private const double Height = 270;
    private const double Left = 46;
    private const double Right = 12;
    private const double Top = 12;
    private const double Bottom = 40;

    private readonly List<Html> shapes = [];

    /// <summary>A plot whose axes begin at 0.</summary>
    public SvgPlot(string title, string across, string up, double mostAcross, double mostUp)
        : this(title, across, up, PlotAxis.To(mostAcross), PlotAxis.To(mostUp))
    {
    }

    public SvgPlot Line(IEnumerable<(double X, double Y)> points, string style) => Add(Html.Of(
        $"<polyline class=\"{style}\" points=\"{string.Join(' ', points.Select(p => $"{X(p.X)},{Y(p.Y)}"))}\"/>"));

    public SvgPlot Bar(double from, double to, double height, string style)
    {
        var (wide, high) = (Html.Number((acrossAxis.Share(to) - acrossAxis.Share(from)) * (Width - Left - Right)), Html.Number(upAxis.Share(height) * (Height - Top - Bottom)));
        return Add(Html.Of($"<rect class=\"{style}\" x=\"{X(from)}\" y=\"{Y(height)}\" width=\"{wide}\" height=\"{high}\"/>"));
    }

    public SvgPlot Dot(double x, double y, string style, string tip) => Add(Html.Of(
        $"<circle class=\"{style}\" cx=\"{X(x)}\" cy=\"{Y(y)}\" r=\"3.2\"><title>{tip}</title></circle>"));

    /// <summary>A vertical line at <paramref name="x"/>: an interval, or with the default ends a mark.</summary>
    public SvgPlot Upright(double x, string style, double? low = null, double? high = null) => Add(Html.Of(
        $"<line class=\"{style}\" x1=\"{X(x)}\" y1=\"{Y(low ?? upAxis.Least)}\" x2=\"{X(x)}\" y2=\"{Y(high ?? upAxis.Most)}\"/>"));

    /// <summary>Colours with what they stand for, in the upper left corner or the upper right.</summary>
    public SvgPlot Legend(bool right, params (string Style, string Text)[] entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            var (x, y) = (right ? Width - Right - 92 : Left + 10, Top + 10 + (i * 14));
            Add(Html.Of($"<rect class=\"{entries[i].Style}\" x=\"{Html.Number(x)}\" y=\"{Html.Number(y - 8)}\" width=\"9\" height=\"9\"/>"));
            Add(Html.Of($"<text class=\"note\" x=\"{Html.Number(x + 14)}\" y=\"{Html.Number(y)}\">{entries[i].Text}</text>"));
        }

        return this;
    }

    public Html Render() => Html.Plot(title, Width, Height, Axes() + Html.Join(shapes));

    private Html Axes()
    {
        var lines = new List<Html>();
        for (var tick = 0; tick <= PlotAxis.Steps; tick++)
        {
            var (x, y) = (acrossAxis.At(tick), upAxis.At(tick));
            lines.Add(Html.Of($"<line class=\"grid\" x1=\"{Left}\" y1=\"{Y(y)}\" x2=\"{Width - Right}\" y2=\"{Y(y)}\"/>"));
            lines.Add(Html.Of($"<text class=\"tick\" text-anchor=\"end\" dy=\"3.5\" x=\"{Left - 5}\" y=\"{Y(y)}\">{Label(y)}</text>"));
            lines.Add(Html.Of($"<text class=\"tick\" text-anchor=\"middle\" x=\"{X(x)}\" y=\"{Height - Bottom + 13}\">{Label(x)}</text>"));
        }

        lines.Add(Html.Of($"<line class=\"axis\" x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width - Right}\" y2=\"{Height - Bottom}\"/>"));
        lines.Add(Html.Of($"<text class=\"label\" text-anchor=\"middle\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\">{across}</text>"));
        lines.Add(Html.Of($"<text class=\"label\" text-anchor=\"middle\" transform=\"translate(11 {(Top + Height - Bottom) / 2}) rotate(-90)\">{up}</text>"));
        return Html.Join(lines);
    }

    private SvgPlot Add(Html shape)
    {
        shapes.Add(shape);
        return this;
    }

    private string X(double x) => Html.Number(Left + (acrossAxis.Share(x) * (Width - Left - Right)));

    private string Y(double y) => Html.Number(Height - Bottom - (upAxis.Share(y) * (Height - Top - Bottom)));

    private static string Label(double value) => Math.Abs(value) switch
    {
        >= 1e9 => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        >= 10 => value.ToString("#,0.#", CultureInfo.InvariantCulture),
        >= 0.01 => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#E+0;-0.#E+0;0", CultureInfo.InvariantCulture),
    };
}
