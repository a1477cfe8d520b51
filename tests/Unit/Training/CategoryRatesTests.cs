using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class CategoryRatesTests
{
    [Fact]
    public void Learn_FewCategories_IsNothing() =>
        Assert.Null(CategoryRates.Learn([.. Enumerable.Range(0, 100).Select(i => $"c{i % CategoryRates.FewCategories}")], new float[100]));

    [Fact]
    public void Learn_ManyCategories_DrawsRatesTowardsTheWhole()
    {
        // Twenty categories of ten rows each, of which those of the first ten are positive.
        string[] values = [.. Enumerable.Range(0, 200).Select(i => $"c{i / 10:D2}"), "once"];
        float[] labels = [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 1f : 0f), 0f];

        var rates = CategoryRates.Learn(values, labels)!;

        Assert.Equal(20, rates.Known.Count);
        Assert.Equal(100 / 201.0, rates.Other, 6);
        Assert.Equal((10 + (10 * 100 / 201.0)) / 20, rates.Rates[0], 6);
        Assert.Equal([rates.Rates[0], rates.Rates[19], rates.Other, rates.Other], rates.ToFeature(["c00", "c19", "once", "never seen"]));
    }

    [Fact]
    public void Learn_NumbersToPredict_DrawsTheirMeansTowardsTheWhole()
    {
        string[] values = [.. Enumerable.Range(0, 200).Select(i => $"c{i / 10:D2}")];
        float[] labels = [.. Enumerable.Range(0, 200).Select(i => (i / 10) - 9.5f)];

        var rates = CategoryRates.Learn(values, labels)!;

        Assert.Equal(0, rates.Other, 6);
        Assert.Equal((-4.75, 4.75), (rates.Rates[0], rates.Rates[19]));
    }
}
