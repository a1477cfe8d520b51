using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TemperatureScalingTests
{
    private const int Classes = 4;

    [Fact]
    public void Choose_MarginsThatAreTrueLogOdds_LeavesThemAsTheyAre() =>
        Assert.Null(TemperatureScaling.Choose(Rows(factor: 1), Classes, CalibrationChoice.Auto));

    [Theory]
    [InlineData(4)]
    [InlineData(0.2f)]
    public void Choose_MarginsTooWideOrTooNarrow_FindsTheFactor(float factor)
    {
        var calibration = TemperatureScaling.Choose(Rows(factor), Classes, CalibrationChoice.Auto)!;

        Assert.InRange(calibration.Slope * factor, 0.9, 1.1);
        Assert.Equal(CalibrationMethod.Temperature, calibration.Method);
        Assert.True(calibration.LogLoss < calibration.LogLossBefore);
    }

    [Fact]
    public void Choose_None_IsNone() => Assert.Null(TemperatureScaling.Choose(Rows(4), Classes, CalibrationChoice.None));

    [Fact]
    public void Of_GreatMargins_AreProbabilities()
    {
        Assert.Equal([1f, 0f, 0f], ClassProbabilities.Of([2e38f, 0, -2e38f], 3));
        Assert.Equal([0.5f, 0.5f, 0.25f, 0.75f], ClassProbabilities.Of([7, 7, 0, MathF.Log(9)], 2, factor: 0.5f));
    }

    private static OutOfFold Rows(float factor)
    {
        var random = new Random(3);
        var (margins, labels) = (new float[Classes * 4_000], new float[4_000]);
        for (var row = 0; row < labels.Length; row++)
        {
            var of = margins.AsSpan(row * Classes, Classes);
            for (var c = 0; c < Classes; c++) of[c] = (float)(random.NextDouble() * 4);
            var probabilities = ClassProbabilities.Of(of.ToArray(), Classes);
            var drawn = random.NextDouble();
            while (labels[row] < Classes - 1 && (drawn -= probabilities[(int)labels[row]]) > 0) labels[row]++;
            foreach (ref var margin in of) margin *= factor;
        }

        return new OutOfFold(margins, labels, [.. labels.Select((_, row) => row % 5)]);
    }
}
