using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Definitions;

public sealed class DefinitionParserTests
{
    private const string Least = """
        model: credit-risk
        task: binary-classification
        target: { column: Status, positive: bad }

        """;

    [Fact]
    public void Parse_OnlyWhatIsRequired_FillsInDefaults()
    {
        var definition = Accepted(Least);

        Assert.Equal("credit-risk", definition.Model);
        Assert.Equal(LearningTask.BinaryClassification, definition.Task);
        Assert.Equal(new TargetColumn("Status", "bad"), definition.Target);
        Assert.Empty(definition.Ignore);
        Assert.Empty(definition.Sensitive);
        Assert.Equal(TrainingPolicy.Default, definition.Training);
        Assert.Empty(definition.Gates.Minimum);
        Assert.Equal(new ChampionGate("roc-auc", 0.002), definition.Gates.Champion);
        Assert.Equal(DeploymentPolicy.Default, definition.Deployment);
        Assert.Equal(RetrainingPolicy.Default, definition.Retraining);
    }

    [Fact]
    public void Parse_EveryKey_IsTaken()
    {
        var definition = Accepted("""
            model: credit-risk
            task: binary-classification
            target:
              column: "Account status"
              positive: 1
            ignore:
              - applicant_id
              - "a: b"
            sensitive: [Age, Marital]
            training: { trials: 3, metric: pr-auc, timeout: 02:03:04, seed: 5, folds: 3, search: exhaustive, blend: 2 }
            gates:
              minimum: { roc-auc: 0.8, log-loss: 1.5 }
              champion: { tolerance: 0.01 }
            deployment: { approval: required, approvers: [ann, bob], timeout: 2.00:00:00 }
            retraining: { schedule: "0 0 3 * * *", on: [drift] }
            """);

        Assert.Equal(new TargetColumn("Account status", "1"), definition.Target);
        Assert.Equal(["applicant_id", "a: b"], definition.Ignore);
        Assert.Equal(["Age", "Marital"], definition.Sensitive);
        Assert.Equal(new TrainingPolicy(3, "pr-auc", new TimeSpan(2, 3, 4), 5, 3, TrialSearch.Exhaustive) { Calibration = CalibrationChoice.Auto, Blend = 2 }, definition.Training);
        Assert.Equal(0.8, definition.Gates.Minimum["roc-auc"]);
        Assert.Equal(1.5, definition.Gates.Minimum["log-loss"]);
        Assert.Equal(new ChampionGate("pr-auc", 0.01), definition.Gates.Champion);
        Assert.Equal(ApprovalMode.Required, definition.Deployment.Approval);
        Assert.Equal(["ann", "bob"], definition.Deployment.Approvers);
        Assert.Equal(TimeSpan.FromDays(2), definition.Deployment.Timeout);
        Assert.Equal(new RetrainingPolicy("0 0 3 * * *", OnNewData: false, OnDrift: true), definition.Retraining);
    }

    [Fact]
    public void Parse_ThreeMistakes_ReportsEachWithItsLine()
    {
        var result = DefinitionParser.Parse("""
            model: credit-risk
            task: binary-classification
            target: { column: Status, positive: bad }
            trainig: { trials: 12 }
            gates:
              minimum: { roc_auc: 0.80 }
            retraining:
              schedule: "0 3 * * *"
            """, "credit-risk");

        Assert.Null(result.Definition);
        Assert.Equal([4L, 6L, 8L], result.Refusals.Select(r => r.Line));
        Assert.Contains("'trainig'", result.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.Contains("'training'", result.Refusals[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("'roc-auc'", result.Refusals[1].Remedy, StringComparison.Ordinal);
        Assert.Contains("six fields", result.Refusals[2].Reason, StringComparison.Ordinal);
        Assert.Contains("\"0 0 3 * * *\"", result.Refusals[2].Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training: { trials: 0 }", "from 1 to 200")]
    [InlineData("training: { trials: many }", "'many'")]
    [InlineData("training: { trials: 1.5 }", "whole number")]
    [InlineData("training: { trials: [1] }", "a list")]
    [InlineData("training: 12", "expected keys and values")]
    [InlineData("training: { timeout: 10 }", "hh:mm:ss")]
    [InlineData("training: { timeout: 00:00:09 }", "00:00:10")]
    [InlineData("training: { timeout: 1.00:00:01 }", "1.00:00:00")]
    [InlineData("training: { metric: auc }", "roc-auc, pr-auc, log-loss, brier, ks")]
    [InlineData("training: { seed: -1 }", "from 0")]
    [InlineData("training: { cost: 5 }", "expected keys and values")]
    [InlineData("training: { cost: { false-positive: 0, false-negative: 5 } }", "training.cost.false-positive is '0'")]
    [InlineData("training: { cost: { false-positive: 1 } }", "training.cost.false-negative is missing")]
    [InlineData("training: { cost: { false-positive: 1, false-negative: 5, true-positive: 1 } }", "Unknown key 'true-positive'")]
    [InlineData("training: { split: time }", "expected keys and values")]
    [InlineData("training: { split: {} }", "names nothing")]
    [InlineData("training: { split: { time: Opened, group: Customer } }", "a time and a group")]
    [InlineData("training: { split: { times: Opened } }", "Unknown key 'times'")]
    [InlineData("training: { split: { time: Status } }", "which is the target")]
    [InlineData("gates: { minimum: { roc-auc: 80 } }", "from 0 to 1")]
    [InlineData("gates: { minimum: { log-loss: -1 } }", "of at least 0")]
    [InlineData("gates: { minimum: { roc-auc: NaN } }", "'NaN'")]
    [InlineData("gates: { champion: { tolerance: 2 } }", "from 0 to 1")]
    [InlineData("gates: { maximum: { roc-auc: 0.9 } }", "Unknown key 'roc-auc' in 'gates.maximum'")]
    [InlineData("gates: { champion: best }", "expected keys and values")]
    [InlineData("scoring: { reasons: 5 }", "from 0 to 4")]
    [InlineData("deployment: { approval: maybe }", "automatic, required")]
    [InlineData("deployment: { approvers: [ann] }", "approval: automatic")]
    [InlineData("deployment: { approval: required, approvers: ann }", "expected a list")]
    [InlineData("retraining: { on: [monday] }", "'monday'")]
    [InlineData("retraining: { schedule: \"0 0 3 30 2 *\" }", "never comes")]
    [InlineData("retraining: { schedule: \"0 0 25 * * *\" }", "six fields")]
    [InlineData("ignore: Status", "expected a list")]
    [InlineData("ignore: [Status]", "which is the target")]
    [InlineData("sensitive: [Status]", "which is the target")]
    [InlineData("sensitive: [Age, Age]", "twice")]
    [InlineData("sensitive: [[Age]]", "holds a list")]
    [InlineData("features: { Age: number }", "features.Age is 'number'; expected one of numeric, categorical, boolean, date, text, identifier")]
    [InlineData("features: { Status: boolean }", "which is the target")]
    [InlineData("features: { Age: numeric }\nignore: [Age]", "which is ignored")]
    [InlineData("features: [Age]", "expected keys and values")]
    [InlineData("model: other", "stands here again; it was first given in line 1")]
    [InlineData("owner: me", "Unknown key 'owner'")]
    [InlineData("? [a, b]\n: c", "as a key")]
    [InlineData("ignore: &all [x]", "anchor '&all'")]
    [InlineData("ignore: !!seq [x]", "tag")]
    [InlineData("---\nmodel: second", "second YAML document")]
    [InlineData("ignore: [a\nb: c", "not YAML")]
    [InlineData("\tignore: []", "indented with a tab")]
    public void Parse_OneMistake_IsTheOneRefusalAndOfItsLine(string mistake, string expected)
    {
        var result = DefinitionParser.Parse(Least + mistake, "credit-risk");

        var refusal = Assert.Single(result.Refusals);
        Assert.Contains(expected, refusal.Reason, StringComparison.Ordinal);
        Assert.InRange(Assert.NotNull(refusal.Line), 4, 5);
        Assert.NotEmpty(refusal.Remedy);
        Assert.Null(result.Definition);
    }

    [Theory]
    [InlineData("Credit")]
    [InlineData("ab")]
    [InlineData("-abc")]
    [InlineData("abc-")]
    [InlineData("a--b")]
    [InlineData("a_b_c")]
    [InlineData("a/b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Parse_ModelName_ThatNoBlobPathTakes_IsRefused(string name)
    {
        var result = DefinitionParser.Parse(Least.Replace("credit-risk", $"\"{name}\"", StringComparison.Ordinal), name);

        Assert.Contains("lower-case letters", Assert.Single(result.Refusals).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("a-1")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789012")]
    public void IsModelName_GoodName_IsTrue(string name) => Assert.True(DefinitionParser.IsModelName(name));

    [Fact]
    public void IsModelName_WithLineBreak_IsFalse() => Assert.False(DefinitionParser.IsModelName("abc\n"));

    [Fact]
    public void Parse_ModelOtherThanFile_IsRefused()
    {
        var refusal = Assert.Single(DefinitionParser.Parse(Least, "churn").Refusals);

        Assert.Contains("'churn'", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(1, refusal.Line);
    }

    [Theory]
    [InlineData("regression", LearningTask.Regression, "rmse")]
    [InlineData("multiclass-classification", LearningTask.MulticlassClassification, "log-loss")]
    public void Parse_OtherTasks_HaveNoPositiveAndMetricsOfTheirOwn(string name, LearningTask task, string metric)
    {
        var definition = Accepted($"model: credit-risk\ntask: {name}\ntarget: {{ column: Status }}\n");

        Assert.Equal((task, new TargetColumn("Status", null), metric), (definition.Task, definition.Target, definition.Training.Metric));
        Assert.Equal(metric, definition.Gates.Champion?.Metric);
        var refusal = Assert.Single(Refusals(Least.Replace("binary-classification", name, StringComparison.Ordinal)));
        Assert.Contains("which has no positive class", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_UnknownTask_IsRefusedWithTheNearest()
    {
        var refusal = Assert.Single(Refusals(Least.Replace("binary-classification", "binary-classificaton", StringComparison.Ordinal)));

        Assert.Contains("expected one of binary-classification, multiclass-classification, regression", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("'binary-classification'", refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training: { metric: roc-auc }", "expected one of rmse, mae, r2, median-absolute-error")]
    [InlineData("gates: { minimum: { roc-auc: 0.8 } }", "Unknown key 'roc-auc' in 'gates.minimum'")]
    [InlineData("gates: { maximum: { r2: 0.8 } }", "Unknown key 'r2' in 'gates.maximum'")]
    public void Parse_MetricOfAnotherTask_IsRefused(string section, string reason) =>
        Assert.Contains(Refusals($"model: credit-risk\ntask: regression\ntarget: {{ column: Price }}\n{section}"), r => r.Reason.Contains(reason, StringComparison.Ordinal));

    [Fact]
    public void Parse_RegressionGates_TakeBoundsInTheTargetsUnit()
    {
        var gates = Accepted("model: credit-risk\ntask: regression\ntarget: { column: Price }\ngates: { maximum: { rmse: 1500 }, champion: { tolerance: 0.05 } }").Gates;

        Assert.Equal(1500, gates.Maximum?["rmse"]);
        Assert.Equal(new ChampionGate("rmse", 0.05), gates.Champion);
    }

    [Fact]
    public void Parse_TargetAsOneWord_SaysHowToNameThePositive()
    {
        var result = DefinitionParser.Parse("model: abc\ntask: binary-classification\ntarget: Status", "abc");

        var refusal = Assert.Single(result.Refusals);
        Assert.Contains("target: { column: Status, positive: bad }", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(3, refusal.Line);
    }

    [Fact]
    public void Parse_PositiveThatCountsAsMissing_IsRefused()
    {
        var result = DefinitionParser.Parse(Least.Replace("bad", "\"NA\"", StringComparison.Ordinal), "credit-risk");

        Assert.Contains("counts as missing", Assert.Single(result.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EmptyMap_NamesAllThatIsMissing()
    {
        var result = DefinitionParser.Parse("{}", "abc");

        Assert.Equal(["model", "task", "target"], result.Refusals.Select(r => r.Reason.Split(' ')[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n# only a comment\n")]
    [InlineData("---\n...\n")]
    [InlineData("~")]
    public void Parse_Nothing_IsRefusedAsEmpty(string text) =>
        Assert.Contains("empty", Assert.Single(DefinitionParser.Parse(text, "abc").Refusals).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("just text")]
    [InlineData("[a, b]")]
    public void Parse_NotAMap_IsRefused(string text) =>
        Assert.Contains("not made of keys and values", Assert.Single(DefinitionParser.Parse(text, "abc").Refusals).Reason, StringComparison.Ordinal);

    [Fact]
    public void Parse_ChampionNone_ComparesWithNoChampion() => Assert.Null(Accepted(Least + "gates: { champion: none }").Gates.Champion);

    [Fact]
    public void Parse_EmptyOnList_RetrainsOnNothing() =>
        Assert.Equal(new RetrainingPolicy(null, OnNewData: false, OnDrift: false), Accepted(Least + "retraining: { on: [] }").Retraining);

    [Fact]
    public void Parse_GatesOfAnyMetric_AreKept()
    {
        var gates = Accepted(Least + "training: { cost: { false-positive: 1, false-negative: 5 } }\ngates: { minimum: { recall: 0.6 }, maximum: { log-loss: 1.2, cost-per-row: 300 } }").Gates;

        Assert.Equal((0.6, 1.2, 300), (gates.Minimum["recall"], gates.Maximum!["log-loss"], gates.Maximum["cost-per-row"]));
    }

    [Fact]
    public void Parse_Reasons_AreNoneUnlessAskedFor()
    {
        Assert.Equal(3, Accepted(Least + "scoring: { reasons: 3 }").Scoring.Reasons);
        Assert.Equal(0, Accepted(Least).Scoring.Reasons);
    }

    [Fact]
    public void Parse_LeapDaySchedule_IsTaken() =>
        Assert.Equal("0 0 3 29 2 *", Accepted(Least + "retraining: { schedule: \"0 0 3 29 2 *\" }").Retraining.Schedule);

    [Fact]
    public void Parse_AliasBomb_IsRefusedAtOnce()
    {
        var text = Least + "ignore: &a [x]\nsensitive: [*a, *a]\n";

        Assert.Contains(DefinitionParser.Parse(text, "credit-risk").Refusals, r => r.Reason.Contains("alias", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        var text = Least + "ignore: " + new string('[', 30_000) + new string(']', 30_000);

        Assert.Contains(DefinitionParser.Parse(text, "credit-risk").Refusals, r => r.Reason.Contains("nested more than", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_RandomlyBrokenText_IsAcceptedOrRefusedAndNeverThrows()
    {
        const string Inserted = "[]{}:,-?&*!|>'\"%@`#\n\t ~ab0\u0085\uFEFF";
        var text = Least + "ignore: [a, 'b']\ntraining:\n  trials: 3\nretraining: { schedule: \"0 0 3 * * *\", on: [drift] }\n";
        var refused = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var broken = new StringBuilder(text);
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                broken.Insert(random.Next(broken.Length), Inserted[random.Next(Inserted.Length)]);
                broken.Remove(random.Next(broken.Length - 3), random.Next(3));
            }

            var result = DefinitionParser.Parse(broken.ToString(), "credit-risk");

            Assert.Equal(result.IsAccepted, result.Refusals.Count == 0);
            refused += result.IsAccepted ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 2999);
    }

    [Fact]
    public void Parse_TooManyBytes_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(Least + "# " + new string('é', DefinitionParser.MaxBytes / 2));

        Assert.Contains("more than 65536 bytes", Assert.Single(DefinitionParser.Parse(bytes, "credit-risk").Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_InvalidUtf8_IsRefusedWithOffsetAndLine()
    {
        byte[] bytes = [.. "model: abc\ntask: "u8, 0xE9, .. "\n"u8];

        var refusal = Assert.Single(DefinitionParser.Parse(bytes, "abc").Refusals);
        Assert.Contains("offset 17", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(2, refusal.Line);
    }

    [Fact]
    public void Parse_ByteOrderMark_IsSkipped()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Least)];

        Assert.True(DefinitionParser.Parse(bytes, "credit-risk").IsAccepted);
    }

    private static IReadOnlyList<Refusal> Refusals(string text) => DefinitionParser.Parse(text, "credit-risk").Refusals;

    private static ModelDefinition Accepted(string text)
    {
        var result = DefinitionParser.Parse(text, "credit-risk");
        Assert.Empty(result.Refusals);
        return Assert.IsType<ModelDefinition>(result.Definition);
    }
}
