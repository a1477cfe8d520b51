using Serverless.Platform.Evaluation;
using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>How the errors of predicted values are spread on the rows that were held out.</summary>
internal static class CardErrors
{
    public static Html Render(CardContent card, ResidualReport errors)
    {
        var quantiles = Html.Table(
            [.. errors.Quantiles.Select(q => $"#{CardText.Given(100 * q.Probability)}%")], [Html.Cells(errors.Quantiles.Select(q => CardText.Signed(q.Error)))]);
        var deciles = Html.Table(
            ["#band", "#rows", "#predicted from", "#to", "#mean predicted", $"#mean {CardText.Short(card.Target, 20)} (95% interval)", "#RMSE"],
            errors.Deciles.Select((d, i) => Html.Cells(
                CardText.Count(i + 1), CardText.Count(d.Rows), CardText.Figure(d.LowestPredicted), CardText.Figure(d.HighestPredicted), CardText.Figure(d.MeanPredicted),
                $"{CardText.Figure(d.MeanActual.Value)} ({CardText.Interval(d.MeanActual.Low, d.MeanActual.High)})", CardText.Figure(d.Rmse))));
        return Html.Of($"""
            <div class="plots">{Deciles(errors, card.Target)}{Histogram(errors)}</div>
            <h3>The errors</h3>
            <p>An error is the predicted value less the true one. {Summary(errors)} Quantiles of the errors:</p>
            {quantiles}
            <h3>By {Bands(errors)}, in the order of the predicted value</h3>
            {deciles}
            """);
    }

    /// <summary>Bias and spread in two sentences, for the page and the text alike.</summary>
    public static string Summary(ResidualReport errors)
    {
        var (mean, low, high) = (errors.MeanError, At(errors, 0.05), At(errors, 0.95));
        var bias = mean.Low > 0 ? "the model predicts too much on average" : mean.High < 0 ? "the model predicts too little on average" : "no bias is seen";
        return $"Their mean is {CardText.Signed(mean.Value)} (95% interval {CardText.Signed(mean.Low)} to {CardText.Signed(mean.High)}): {bias}. "
            + $"Nine in ten lie between {CardText.Signed(low)} and {CardText.Signed(high)}.";
    }

    /// <summary>What the rows are cut into.</summary>
    public static string Bands(ResidualReport errors)
    {
        var rows = (int)Math.Round(errors.Deciles.Average(d => d.Rows), MidpointRounding.AwayFromZero);
        return errors.Deciles.Count == 1 ? $"1 band of {CardText.Count(rows)} rows" : $"{errors.Deciles.Count} bands of equal count (about {CardText.Count(rows)} rows each)";
    }

    private static double At(ResidualReport errors, double probability) => errors.Quantiles.First(q => q.Probability >= probability - 1e-9).Error;

    private static Html Deciles(ResidualReport errors, string target)
    {
        var bands = errors.Deciles;
        var axis = PlotAxis.Holding(
            bands.Min(b => Math.Min(b.MeanPredicted, b.MeanActual.Low)), bands.Max(b => Math.Max(b.MeanPredicted, b.MeanActual.High)));
        var plot = new SvgPlot($"Predicted against true values, by {Bands(errors)}, 95% intervals", "mean predicted", $"mean {CardText.Short(target, 24)}", axis, axis)
            .Line([(axis.Least, axis.Least), (axis.Most, axis.Most)], "chance")
            .Line(bands.Select(b => (b.MeanPredicted, b.MeanActual.Value)), "curve");
        foreach (var band in bands)
        {
            plot.Upright(band.MeanPredicted, "interval", band.MeanActual.Low, band.MeanActual.High).Dot(
                band.MeanPredicted, band.MeanActual.Value, "mark",
                $"{band.Rows} rows: predicted {CardText.Figure(band.MeanPredicted)}, true {CardText.Figure(band.MeanActual.Value)}");
        }

        return plot.Render();
    }

    private static Html Histogram(ResidualReport errors)
    {
        var bins = errors.Histogram;
        double rows = Math.Max(1, bins.Sum(b => b.Rows));
        var plot = new SvgPlot(
            "Errors: predicted less true; dashed: no error. The outermost bars hold all beyond", "error", "share of rows",
            PlotAxis.Holding(bins[0].From, bins[^1].To), PlotAxis.Holding(0, bins.Max(b => b.Rows / rows)));
        foreach (var bin in bins) plot.Bar(bin.From, bin.To, bin.Rows / rows, "negative");
        return plot.Upright(0, "cut").Render();
    }
}
