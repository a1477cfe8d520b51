using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class CalibratorTests
{
    [Fact]
    public void Choose_MarginsThatAreTrueLogOdds_LeavesThemAsTheyAre() =>
        Assert.Null(Calibrator.Choose(Rows(m => m), CalibrationChoice.Auto));

    [Fact]
    public void Choose_MarginsTooWideAndShifted_FindsTheLine()
    {
        var calibration = Calibrator.Choose(Rows(m => (3 * m) + 2), CalibrationChoice.Platt)!;

        Assert.InRange(calibration.Slope, 0.29, 0.38);
        Assert.InRange(calibration.Intercept, -0.8, -0.53);
        Assert.True(calibration.LogLoss < calibration.LogLossBefore);
    }

    [Fact]
    public void Choose_MarginsBentOutOfShape_TakesIsotonic()
    {
        var unseen = Rows(m => m < 0 ? m * 8 : m / 4);

        var calibration = Calibrator.Choose(unseen, CalibrationChoice.Auto)!;

        Assert.Equal(CalibrationMethod.Isotonic, calibration.Method);
        Assert.True(calibration.LogLoss < Calibrator.Choose(unseen, CalibrationChoice.Platt)!.LogLoss);
    }

    [Theory]
    [InlineData(CalibrationChoice.Platt)]
    [InlineData(CalibrationChoice.Isotonic)]
    public void Choose_AnyMethod_KeepsTheRanking(CalibrationChoice choice)
    {
        var unseen = Rows(m => (m * m * m) + 1);

        var calibration = Calibrator.Choose(unseen, choice)!;
        var probabilities = unseen.Margins.Order().Where((_, i) => i % 50 == 0).Select(calibration.Probability).ToArray();

        Assert.Equal(probabilities.Order(), probabilities);
        Assert.Equal(probabilities.Length, probabilities.Distinct().Count());
    }

    [Fact]
    public void Choose_LabelsAgainstTheMargins_HasNothingToCalibrate() => Assert.Null(Calibrator.Choose(Rows(m => -m), CalibrationChoice.Platt));

    [Fact]
    public void Choose_None_IsNothing() => Assert.Null(Calibrator.Choose(Rows(m => 3 * m), CalibrationChoice.None));

    private static OutOfFold Rows(Func<double, double> margin)
    {
        var random = new Random(5);
        var odds = Enumerable.Range(0, 5_000).Select(_ => (random.NextDouble() * 6) - 3).ToArray();
        return new OutOfFold(
            [.. odds.Select(o => (float)margin(o))],
            [.. odds.Select(o => random.NextDouble() < 1 / (1 + Math.Exp(-o)) ? 1f : 0f)],
            [.. Enumerable.Range(0, odds.Length).Select(r => r % 5)]);
    }
}
