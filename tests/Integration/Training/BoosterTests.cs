using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class BoosterTests
{
    [Fact]
    public void Load_SavedModel_PredictsTheSame()
    {
        var train = CreditData.Train;
        using var matrix = DMatrix.ToLearn(FeatureEncoding.Learn(train).Encode(train.Features), LearnerKind.Trees, train.Labels);
        using var trained = Booster.ToTrain(matrix, SearchSpace.At(17, 0).ToBooster(17, LearningObjective.Of(train)));
        for (var round = 0; round < 10; round++) trained.Boost(round, matrix);

        using var loaded = Booster.Load(trained.Save());

        Assert.Equal(trained.Predict(matrix), loaded.Predict(matrix));
    }

    [Fact]
    public void Load_OtherBytes_SaysWhatXGBoostSaid()
    {
        var fault = Assert.Throws<XGBoostException>(() => Booster.Load("this is no model"u8));

        Assert.StartsWith("XGBoost's XGBoosterLoadModelFromBuffer failed with code -1: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_InfiniteFeature_IsRefusedByXGBoost()
    {
        var fault = Assert.Throws<XGBoostException>(() => DMatrix.Of(new DenseMatrix([1, float.PositiveInfinity], 2, 1), LearnerKind.Trees));

        Assert.Contains("inf", fault.Message, StringComparison.Ordinal);
    }
}
