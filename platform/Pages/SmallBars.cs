
namespace Serverless.Platform.Pages;

/// <summary>A histogram small enough to stand in a table, as inline SVG.</summary>
internal static class SmallBars
{
    private const double Width = 170;
    private const double Height = 46;
    private const double Foot = 11;

    /// <param name="counts">The bars, from left to right.</param>
    /// <param name="title">What they are, for those who cannot see them.</param>
    /// <param name="left">What stands below the first bar.</param>
    /// <param name="right">What stands below the last.</param>
    public static Html Upright(IReadOnlyList<long> counts, string title, string left, string right)
    {
        var most = Math.Max(1, counts.Max());
        var step = Width / counts.Count;
        var bars = counts.Select((count, i) =>
        {
            var height = count == 0 ? 0 : Math.Max(1, (double)count / most * (Height - Foot));
            return Html.Of($"<rect class=\"curve-bar\" x=\"{Html.Number(i * step)}\" y=\"{Html.Number(Height - Foot - height)}\" width=\"{Html.Number(Math.Max(1, step - 1))}\" height=\"{Html.Number(height)}\"><title>{count}</title></rect>");
        });
        return Html.Of($"""
            <svg class="small" viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}">{Html.Join(bars)}<text class="tick" x="0" y="{Height - 1}">{left}</text><text class="tick" text-anchor="end" x="{Width}" y="{Height - 1}">{right}</text></svg>
            """);
    }
}
