using System.Text;
using System.Text.Json;

namespace Serverless.Tests.EndToEnd.Scoring;

/// <summary>Whatever is dropped gets an answer, and the good files beside it are scored.</summary>
[Collection(SharedPlatformGroup.Name)]
public sealed class BadScoringInputTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    public static TheoryData<string, string> Files => new()
    {
        { "empty.csv", "empty" },
        { "header-only.csv", "no rows" },
        { "noise.csv", "" },
        { "invalid-utf8.csv", "UTF-8" },
        { "missing-column.csv", "Income" },
        { "long-field.csv", "longer than" },
        { "short-row.csv", "fields" },
        { "file.parquet", "Parquet" },
        { "file.xlsx", "expected .csv" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ScoringFileDropped_Malformed_IsRefusedWithAReport(string file, string reason)
    {
        var path = $"scoring-input/{SharedPlatform.Model}/bad/{file}";
        await platform.DropAsync(path, Content(file));

        var report = await platform.WaitForReportAsync(path);
        var run = await platform.WaitForRunAsync(report.GetProperty("run").GetString() ?? "");

        Assert.True(report.GetProperty("wholeFile").GetBoolean());
        Assert.Equal("refused", run.Outcome);
        var refusals = report.GetProperty("refusals").EnumerateArray().ToList();
        Assert.NotEmpty(refusals);
        Assert.All(refusals, r => Assert.NotEqual("", r.GetProperty("remedy").GetString()));
        Assert.Contains(refusals, r => r.GetProperty("reason").GetString()?.Contains(reason, StringComparison.OrdinalIgnoreCase) == true);
        Assert.Null(await platform.TryGetTextAsync($"scoring-output/{SharedPlatform.Model}/bad/{file}"));

        // A file that cannot be looked into may hold direct identifiers, so it is not copied; the report is.
        var isCopied = await platform.Blob($"quarantine/{path}").ExistsAsync();
        Assert.Equal(file is not ("file.parquet" or "file.xlsx" or "invalid-utf8.csv" or "noise.csv"), isCopied.Value);
        Assert.Equal(!isCopied.Value, report.TryGetProperty("notCopied", out var why) && why.GetString()?.Contains("cannot be looked into", StringComparison.Ordinal) == true);
        if (isCopied.Value) Assert.Equal(Content(file), await platform.GetBytesAsync($"quarantine/{path}"));
    }

    [Fact]
    public async Task ScoringFileDropped_ForAnUnknownModel_IsRefusedWithAReport()
    {
        await platform.DropAsync("scoring-input/nobody-knows-it/rows.csv", CreditRisk.Scoring(3));

        var report = await platform.WaitForReportAsync("scoring-input/nobody-knows-it/rows.csv");

        Assert.Contains("nobody-knows-it", Reason(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("loose.csv")]
    [InlineData("Not A Model/rows.csv")]
    public async Task ScoringFileDropped_OutsideAModelsFolder_IsRefusedWithAReport(string name)
    {
        await platform.DropAsync($"scoring-input/{name}", CreditRisk.Scoring(3));

        var report = await platform.WaitForReportAsync($"scoring-input/{name}");

        Assert.Contains(name, Reason(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is not json")]
    [InlineData("{\"run\": \"../models\", \"chunk\": 0}")]
    [InlineData("[1, 2, 3]")]
    public async Task ScoreChunk_GivenAMessageThatIsNotOurs_PutsItIntoQuarantine(string message)
    {
        var sent = await platform.Queue("scoring-chunks").SendMessageAsync(message);

        var report = await platform.WaitForReportAsync($"queues/scoring-chunks/{sent.Value.MessageId}");

        Assert.Contains("not a chunk", Reason(report), StringComparison.Ordinal);
        Assert.Equal(message, await platform.WaitForTextAsync($"quarantine/queues/scoring-chunks/{sent.Value.MessageId}"));
    }

    [Fact]
    public async Task ScoreChunk_GivenAMessageOfNoRun_LetsItGoAndGoesOn()
    {
        await platform.Queue("scoring-chunks").SendMessageAsync("{\"run\": \"score-that-never-was\", \"chunk\": 3}");
        await platform.DropAsync($"scoring-input/{SharedPlatform.Model}/after-stray-message.csv", CreditRisk.Scoring(5));

        Assert.NotNull(await platform.WaitForTextAsync($"scoring-output/{SharedPlatform.Model}/after-stray-message.csv"));
    }

    private static string Reason(JsonElement report) => report.GetProperty("refusals")[0].GetProperty("reason").GetString() ?? "";

    private static byte[] Content(string file)
    {
        var good = CreditRisk.Scoring(20);
        var header = good[..(good.IndexOf('\n', StringComparison.Ordinal) + 1)];
        return file switch
        {
            "empty.csv" => [],
            "header-only.csv" => Encoding.UTF8.GetBytes(header),
            "noise.csv" => Noise(),
            "invalid-utf8.csv" => [.. Encoding.UTF8.GetBytes(good), .. Encoding.UTF8.GetBytes("99,"), 0xC3, 0x28, .. ",x,1,1,x,x,x,1,1,1,1,1,1\n"u8.ToArray()],
            "missing-column.csv" => Encoding.UTF8.GetBytes(good.Replace("Income", "Earnings", StringComparison.Ordinal)),
            "long-field.csv" => Encoding.UTF8.GetBytes(header + "1,\"" + new string('x', 20 * 1024 * 1024) + "\",owner,1,1,x,x,x,1,1,1,1,1,1\n"),
            "short-row.csv" => Encoding.UTF8.GetBytes(good + "99,1,2\n"),
            _ => "PAR1"u8.ToArray(),
        };
    }

    private static byte[] Noise()
    {
        var noise = new byte[50_000];
        new Random(7).NextBytes(noise);
        return noise;
    }
}
