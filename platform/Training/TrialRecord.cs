using System.Text.Json.Serialization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Training;

/// <summary>How a trial ended.</summary>
public enum TrialEnd
{
    /// <summary>It saw all folds.</summary>
    Finished,

    /// <summary>Others of its rung were better.</summary>
    Beaten,

    /// <summary>The search's time was up.</summary>
    OutOfTime,

    /// <summary>It threw.</summary>
    Failed,
}

/// <summary>One trial of a search, as it stands in <c>trials.json</c>.</summary>
/// <param name="Trial">Which trial, from 0.</param>
/// <param name="Parameters">What was tried.</param>
/// <param name="Rung">The last rung it was on, from 1.</param>
/// <param name="FoldScores">The metric on each fold it saw, at its best number of rounds.</param>
/// <param name="Rounds">Its best number of boosting rounds; null when it saw no fold.</param>
/// <param name="Score">The metric's mean over the folds it saw.</param>
/// <param name="StandardDeviation">Its sample standard deviation over them; 0 with one.</param>
/// <param name="End">How it ended.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="BoostedRounds">How many rounds were boosted on each fold it saw, until there was nothing more to gain.</param>
public sealed record TrialRecord(
    int Trial,
    TrialParameters Parameters,
    int Rung,
    IReadOnlyList<double> FoldScores,
    int? Rounds,
    double? Score,
    double? StandardDeviation,
    TrialEnd End,
    string Reason,
    IReadOnlyList<int>? BoostedRounds = null);

/// <summary>All trials of a search, and what came of them: the content of <c>models/{model}/versions/{n}/trials.json</c>. The same dataset, definition and seed give the same bytes.</summary>
/// <param name="Metric">The metric of all scores.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Folds">The folds of cross-validation.</param>
/// <param name="Search">How far trials were taken.</param>
/// <param name="Chosen">The best trial; null where none was done in time, so that the baseline is the model.</param>
/// <param name="Trials">In the order of their numbers.</param>
/// <param name="Baseline">Logistic regression on the same folds; null when it was not done in time.</param>
/// <param name="Choice">Which of the chosen trial and the baseline became the model, or that no trial was done in time; null without a baseline.</param>
/// <param name="Blended">The trials whose mean the model or its trees are, the chosen one first; null in reports of older releases: the chosen one alone.</param>
public sealed record TrialsReport(
    string Metric,
    int Seed,
    int Folds,
    TrialSearch Search,
    int? Chosen,
    IReadOnlyList<TrialRecord> Trials,
    BaselineResult? Baseline = null,
    LearnerChoice? Choice = null,
    IReadOnlyList<int>? Blended = null)
{
    /// <summary>The report with the baseline, and what the best trial alone would have chosen, as runs of older releases did; the baseline where there is no such trial.</summary>
    /// <param name="baseline">The baseline; null when it was not done in time.</param>
    /// <param name="timeout">How much time the search had.</param>
    public TrialsReport With(BaselineResult? baseline, TimeSpan timeout) => (baseline, Chosen) switch
    {
        (null, _) => this,
        (_, null) => this with { Baseline = baseline, Choice = LearnerChoice.Untried(this, baseline, timeout) },
        (_, { } best) when Trials[best].FoldScores.Count == 0 => this,
        (_, { } best) => this with { Baseline = baseline, Choice = LearnerChoice.Of(Trials[best].FoldScores, baseline.FoldScores, Metric) },
    };

    /// <summary>The metric on each fold of the blended trials' mean with its linear part; null without a baseline, and in reports of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? BlendFoldScores { get; init; }

    /// <summary>
    /// How much of that mean is linear: 0 where trees alone are the best in cross-validation. Whether that mean or the baseline became the model is in <see cref="Choice"/>. Null
    /// where no mean was tried: without a baseline, with a blend of 1, and in reports of older releases.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LinearShare { get; init; }

    /// <summary>The report with what was measured to choose the model.</summary>
    public TrialsReport With(ChosenModel chosen) =>
        this with { Choice = chosen.Choice ?? Choice, BlendFoldScores = chosen.FoldScores, LinearShare = chosen.LinearShare };
}

/// <param name="Trial">Which trial, from 0.</param>
/// <param name="Seconds">How long it was worked on, all rungs together.</param>
public sealed record TrialTime(int Trial, double Seconds);

/// <summary>How long each trial took: the content of <c>trial-times.json</c>, which stands apart because times differ from run to run.</summary>
/// <param name="Trials">In the order of their numbers.</param>
public sealed record TrialTimes(IReadOnlyList<TrialTime> Trials);
