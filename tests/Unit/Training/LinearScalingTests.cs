using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class LinearScalingTests
{
    [Fact]
    public void Learn_AFewAbsurdValues_LeaveTheScaleOfTheOthers()
    {
        float[] usual = [.. Enumerable.Range(0, 1_000).Select(i => i % 100f)];
        float[] spoiled = [.. usual];
        (spoiled[1], spoiled[500], spoiled[900]) = (99_999_999, 1e37f, float.NaN);

        var (clean, absurd) = (Learn(usual), Learn(spoiled));

        Assert.Equal(49.5, clean.Mean, 0.1);
        Assert.Equal(28.9, clean.Deviation, 0.3);
        Assert.Equal(clean.Mean, absurd.Mean, 0.5);
        Assert.Equal(clean.Deviation, absurd.Deviation, 0.5);
        Assert.Equal((false, true), (clean.HasMissing, absurd.HasMissing));
    }

    [Fact]
    public void Learn_NearlyAllValuesAlike_StandardisesTheFewOthersByThemselves()
    {
        var scale = Learn([.. Enumerable.Range(0, 1_000).Select(i => i < 5 ? 100f : 0f)]);

        Assert.Equal(0.5, scale.Mean, 1e-4);
        Assert.Equal(7.05, scale.Deviation, 0.01);
    }

    [Theory]
    [InlineData(new[] { 3f, 3f, 3f }, 3f)]
    [InlineData(new[] { float.NaN, float.NaN }, 0f)]
    public void Learn_ValuesAllAlikeOrMissing_HasADeviationOfOne(float[] values, float mean)
    {
        var scale = Learn(values);

        Assert.Equal((mean, 1f), (scale.Mean, scale.Deviation));
    }

    private static NumberScale Learn(float[] values) => LinearScaling.Learn(new DenseMatrix(values, values.Length, 1), numbers: 1).Numbers[0];
}
