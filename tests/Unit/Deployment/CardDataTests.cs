using System.Text.Json;
using Serverless.Platform;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Deployment;

/// <summary>What both cards say of the data and of the machine.</summary>
public sealed class CardDataTests
{
    private static readonly MachineDescription Machine = new("Debian GNU/Linux 13", "x64", "Some Processor 3000", 2, 256, ["AVX2", "FMA"]);

    [Fact]
    public void Card_OfTwoClasses_HasTheRowsOfEachPartWithTheirClassesAndEachFile()
    {
        var card = TestCards.Binary("bad");
        card = card with
        {
            Dataset = card.Dataset! with
            {
                Target = card.Dataset.Target with { Negative = "good" },
                Sources = [new DatasetSource("credit-risk/a.csv", new string('a', 64), 1_000, 3) { Bytes = 34_567, ETag = "\"0x8DA\"" }, new DatasetSource("credit-risk/b.csv", new string('b', 64), 503, 0)],
                RefusedFiles = [new RefusedSource("credit-risk/c.csv", new string('c', 64), "It has no header.")],
                Masked = [new MaskedIdentifiers("Note", "e-mail address", 7)],
                Contract = new string('d', 64),
                Code = "1.0.0+abc",
            },
        };

        AssertRow(card, ["learned from", "1,200", "500", "700", "41.7%", "fitting, on all of them; before that cross-validation in 3 folds, each predicted by models of the others, chose the model and its threshold"]);
        AssertRow(card, ["held out, never learned from", "300", "150", "150", "50.0%", "evaluation and the gate alone: nothing of the model is fitted to them or chosen by them"]);
        AssertRow(card, ["credit-risk/a.csv", "1,000", "3", "34,567", "\"0x8DA\"", new string('a', 64)]);
        AssertRow(card, ["credit-risk/b.csv", "503", "0", "–", "–", new string('b', 64)]);
        AssertRow(card, ["credit-risk/c.csv", "It has no header.", new string('c', 64)]);
        AssertRow(card, ["Note", "e-mail addresses", "7"]);
        Assert.All(TestCards.Both(card), text => Assert.Contains(
            $"Dataset 0123456789abcdef has 1,500 rows of 2 files; 3 rows were refused. It was made by platform 1.0.0+abc. Its rows keep to the contract with SHA-256 {new string('d', 64)}.",
            text, StringComparison.Ordinal));
        Assert.Contains("| part | rows | 'bad' | 'good' | share of 'bad' | what it is for |", CardMarkdown.Render(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Card_OfSeveralClasses_HasTheRowsOfEachClass()
    {
        var input = new EvaluationInput(
            LearningTask.MulticlassClassification, ["a", "b", "c"], [.. Enumerable.Range(0, 60).SelectMany(i => i % 3 == 0 ? new[] { 0.6f, 0.2f, 0.2f } : [0.2f, 0.4f, 0.4f])],
            [.. Enumerable.Range(0, 60).Select(i => (float)(i % 3))], 0, 17, new Dictionary<string, string[]>());

        var card = TestCards.Of(input, input.Scores, "Kind");

        AssertRow(card, ["b", "399", "99", "11.1%"]);
        AssertRow(card, ["learned from", "3,600", "fitting, on all of them; before that cross-validation in 3 folds, each predicted by models of the others, chose the model"]);
    }

    [Fact]
    public void Card_OfAVersion_NamesDuckDbAndTheMachine()
    {
        var card = TestCards.Binary("a");
        card = card with { Lineage = card.Lineage with { Software = card.Lineage.Software! with { DuckDb = "1.5.1" }, Machine = Machine } };

        AssertRow(card, ["software", "platform 1.0.0+abc, .NET 10.0.0, XGBoost 1.7.4, ONNX Runtime 1.29.0, DuckDB 1.5.1"]);
        AssertRow(card, ["machine", "Debian GNU/Linux 13, x64; Some Processor 3000, 2 processors, 256-bit vectors (AVX2, FMA)"]);
        AssertRow(TestCards.Binary("a"), ["machine", "not recorded by the release that made it"]);
    }

    [Fact]
    public void Lineage_OfAnOlderRelease_IsReadWithoutWhatItHasNot()
    {
        var lineage = TestCards.Binary("a").Lineage;
        var old = JsonSerializer.Serialize(lineage, Json.Options);

        Assert.DoesNotContain("machine", old, StringComparison.Ordinal);
        Assert.DoesNotContain("duckDb", old, StringComparison.Ordinal);
        var read = JsonSerializer.Deserialize<ModelLineage>(old, Json.Options);
        Assert.Equal((null, null, lineage.Software), (read!.Machine, read.Software!.DuckDb, read.Software));
        var whole = JsonSerializer.Deserialize<ModelLineage>(JsonSerializer.Serialize(lineage with { Machine = Machine }, Json.Options), Json.Options);
        Assert.Equal(["AVX2", "FMA"], whole!.Machine!.InstructionSets);
    }

    /// <summary>Both cards have a table with this row.</summary>
    private static void AssertRow(CardContent card, string[] cells)
    {
        var rows = TestCards.Parsed(CardPage.Render(card)).Descendants("tr").Select(r => r.Elements().Select(c => c.Value).ToArray());
        Assert.Contains(rows, row => row.SequenceEqual(cells));
        Assert.Contains($"| {string.Join(" | ", cells.Select(MarkdownText.Plain))} |\n", CardMarkdown.Render(card), StringComparison.Ordinal);
    }
}
