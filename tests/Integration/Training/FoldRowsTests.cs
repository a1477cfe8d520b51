using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class FoldRowsTests
{
    [Fact]
    public void Use_ByFitsAtTheSameTime_IsOfTheSameRowsAndLetsThemGoWithTheLast()
    {
        var first = Use(TrainingPolicy.Default, outer =>
        {
            Assert.Same(outer, Use(TrainingPolicy.Default, inner => inner));
            Assert.False(outer.Train.Handle.IsClosed);
            return outer;
        });

        Assert.True(first.Train.Handle.IsClosed);
        Assert.True(first.HeldOut.Handle.IsClosed);
        Assert.NotSame(first, Use(TrainingPolicy.Default, rows => rows));
    }

    [Fact]
    public void Use_ByOtherFoldsSeedsOrWeights_IsOfOtherRows()
    {
        TrainingPolicy[] others = [TrainingPolicy.Default with { Folds = 3 }, TrainingPolicy.Default with { Seed = 18 }, TrainingPolicy.Default with { Weights = ClassWeights.Balanced }];

        var shared = Use(TrainingPolicy.Default, rows => others.Select(policy => Use(policy, other => ReferenceEquals(rows, other))).ToList());

        Assert.All(shared, Assert.False);
    }

    [Fact]
    public void Use_WhatIsDoneFails_LetsTheRowsGo()
    {
        FoldRows? used = null;

        Assert.Throws<OperationCanceledException>(() => Use<int>(TrainingPolicy.Default, rows => throw new OperationCanceledException($"{used = rows}")));

        Assert.True(used!.Train.Handle.IsClosed);
    }

    private static T Use<T>(TrainingPolicy policy, Func<FoldRows, T> use)
    {
        var folds = CrossValidationFolds.Usable(CreditData.Train, policy.Folds, policy.Seed);
        return FoldRows.Use(CreditData.Train, folds, 0, LearnerKind.Trees, policy, use);
    }
}
