using System.Globalization;
using System.Text.Json;

namespace Serverless.Tests.EndToEnd.Training;

/// <summary>Dates, booleans, running text and identifiers from the file to the score, split by time.</summary>
public sealed class ColumnRoleTests
{
    private const string Model = "column-roles";
    private const string Header = "Number,Opened,Member,Note,Amount";

    [Fact]
    public async Task TrainingFileDropped_WithColumnsOfEachRoleAndASplitByTime_DeploysAModelThatScoresThem()
    {
        await using var platform = await LocalPlatform.StartAsync();
        await platform.DropAsync($"definitions/{Model}.yaml", $$"""
            model: {{Model}}
            task: binary-classification
            target: { column: Status, positive: bad }
            training: { trials: 2, folds: 3, split: { time: Opened } }
            gates: { minimum: { roc-auc: 0.7 } }
            """);
        var random = new Random(4);
        await platform.DropAsync(
            $"training-data/{Model}/data.csv", string.Join('\n', Enumerable.Range(1, 1_500).Select(i => Row(i, random)).Prepend($"Status,{Header}")) + "\n");

        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.Equal("deployed", run.Outcome);
        var manifest = JsonSerializer.Deserialize<JsonElement>(await platform.WaitForTextAsync($"datasets/{Model}/{run.ResultText("dataset")}/manifest.json"));
        Assert.Equal(
            ["Opened Date", "Member Boolean", "Note Text", "Amount Number"],
            manifest.GetProperty("features").EnumerateArray().Select(f => $"{f.GetProperty("name").GetString()} {f.GetProperty("kind").GetString()}"));
        Assert.Contains("like an identifier", Assert.Single(manifest.GetProperty("excluded").EnumerateArray()).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("2023-04-16", manifest.GetProperty("splitBy").GetProperty("heldOutFrom").GetString());
        var version = await platform.GetJsonAsync($"models/{Model}/versions/1");
        Assert.InRange(version.GetProperty("parity").GetProperty("maxAbsoluteDifference").GetDouble(), 0, 1e-5);
        var note = version.GetProperty("signature").GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "Note");
        Assert.Contains("late", note.GetProperty("words").GetProperty("words").EnumerateArray().Select(w => w.GetString()));
        var card = await platform.WaitForTextAsync($"models/{Model}/versions/1/card.md");
        Assert.Contains("The newest rows by 'Opened' are held out, those from 2023-04-16 on.", card, StringComparison.Ordinal);

        await platform.DropAsync(
            $"scoring-input/{Model}/rows.csv",
            $"{Header}\n1,2023-06-03,YES,paid LATE again,10\n2,2023-06-05,no,all in time,10\n3,some day,no,,10\n4,,,,\n5,2023-06-05T10:00:00,perhaps,\"— 😀\",10\n");
        var scored = (await platform.WaitForTextAsync($"scoring-output/{Model}/rows.csv")).TrimEnd('\n').Split('\n')[1..];

        Assert.Equal(5, scored.Length);
        Assert.Contains("expected a date", scored[2], StringComparison.Ordinal);
        Assert.All(scored.Where((_, i) => i != 2), row => Assert.EndsWith(",1,", row, StringComparison.Ordinal));
        Assert.True(Score(scored[0]) > Score(scored[1]) + 0.3, $"{scored[0]} must score far above {scored[1]}");
    }

    /// <summary>Bad are those who paid late, those opened at a weekend, and half of the members.</summary>
    private static string Row(int number, Random random)
    {
        string[] words = ["paid", "in", "time", "loan", "for", "car", "again", "after", "moving"];
        var opened = new DateOnly(2020, 1, 1).AddDays(number);
        var (isLate, isMember) = (random.Next(3) == 0, random.Next(2) == 0);
        var note = string.Join(' ', Enumerable.Range(0, 4).Select(_ => words[random.Next(words.Length)])) + (isLate ? " Late" : "");
        var signal = (isLate ? 2.5 : -1) + (opened.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.5 : -0.5) + (isMember ? 0.7 : -0.7);
        var isBad = random.NextDouble() < 1 / (1 + Math.Exp(-2 * signal));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(isBad ? "bad" : "good")},{70_000 + number},{opened:yyyy-MM-dd},{(isMember ? "yes" : "No")},{note},{random.Next(1, 50)}");
    }

    private static double Score(string row) => double.Parse(row.Split(',')[^4], CultureInfo.InvariantCulture);
}
