using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Serverless.Tests.EndToEnd.Scoring;

[Collection(SharedPlatformGroup.Name)]
public sealed class ScoringTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    [Fact]
    public async Task ScoreFile_OfAHundredThousandRows_GivesExactlyItsRowsInOrderWithTheirVersionAndIsNeverSeenInPart()
    {
        const int Rows = 100_000;
        var input = CreditRisk.Scoring(Rows);
        await platform.DropAsync($"scoring-input/{SharedPlatform.Model}/large.csv", input);
        var output = $"scoring-output/{SharedPlatform.Model}/large.csv";

        // The first sight of the result must be the whole of it.
        var firstSeen = await platform.WaitForTextAsync(output);
        var run = await platform.WaitForRunAsync("ScoreFile", SharedPlatform.Model, r => r.ResultText("output") == output);

        Assert.Equal(firstSeen, await platform.WaitForTextAsync(output));
        Assert.Equal(Rows, run.ResultCount("rows"));
        Assert.Equal(Rows, run.ResultCount("scored"));
        Assert.Equal(0, run.ResultCount("refused"));
        Assert.Equal(run.ResultText("version"), ScoredFile.AssertWhole(input, firstSeen));
    }

    [Fact]
    public async Task ScoreFile_WithReorderedAndExtraColumns_ScoresAsWithout()
    {
        var plain = CreditRisk.Scoring(200);
        var reordered = new StringBuilder();
        foreach (var line in plain.TrimEnd('\n').Split('\n'))
        {
            var isHeader = line.StartsWith("application", StringComparison.Ordinal);
            reordered.Append(isHeader ? "note," : "\"a, note\",").Append(string.Join(',', line.Split(',').Reverse())).Append("\r\n");
        }

        await platform.DropAsync($"scoring-input/{SharedPlatform.Model}/plain.csv", plain);
        await platform.DropAsync($"scoring-input/{SharedPlatform.Model}/deep/er/reordered.CSV", reordered.ToString());

        var a = await platform.WaitForTextAsync($"scoring-output/{SharedPlatform.Model}/plain.csv");
        var b = await platform.WaitForTextAsync($"scoring-output/{SharedPlatform.Model}/deep/er/reordered.CSV");
        Assert.Equal(AddedFields(a), AddedFields(b));

        static IEnumerable<string> AddedFields(string csv) => csv.TrimEnd('\n').Split('\n').Skip(1).Select(l => string.Join(',', l.Split(',')[^4..]));
    }

    [Theory]
    [InlineData("rows.csv.gz")]
    [InlineData("rows.jsonl")]
    [InlineData("rows.ndjson.gz")]
    public async Task ScoreFile_InAnotherFormat_ScoresAsTheSameRowsInCsv(string file)
    {
        var csv = CreditRisk.Scoring(300).Replace("\"", "", StringComparison.Ordinal);
        var lines = csv.TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToList();
        var json = string.Concat(lines.Skip(1).Select(fields => JsonSerializer.Serialize(lines[0].Zip(fields).ToDictionary(f => f.First, f => f.Second)) + "\n"));
        var content = Encoding.UTF8.GetBytes(file.StartsWith("rows.csv", StringComparison.Ordinal) ? csv : json);
        await platform.DropAsync($"scoring-input/{SharedPlatform.Model}/rows.csv", csv);
        await platform.DropAsync($"scoring-input/{SharedPlatform.Model}/{file}", file.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(content) : content);

        var plain = await platform.WaitForTextAsync($"scoring-output/{SharedPlatform.Model}/rows.csv");
        var other = await platform.WaitForTextAsync($"scoring-output/{SharedPlatform.Model}/{file}.csv");

        Assert.Equal(plain, other);

        static byte[] Gzip(byte[] content)
        {
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            {
                gzip.Write(content);
            }

            return compressed.ToArray();
        }
    }

    [Fact]
    public async Task ScoreFile_WithAColumnOfItsOwnCalledScore_AddsItsColumnsUnderOtherNames()
    {
        await platform.DropAsync(
            $"scoring-input/{SharedPlatform.Model}/has-score.csv", CreditRisk.Scoring(5).Replace("application", "score", StringComparison.Ordinal));

        var header = (await platform.WaitForTextAsync($"scoring-output/{SharedPlatform.Model}/has-score.csv")).Split('\n')[0];

        Assert.StartsWith("score,", header, StringComparison.Ordinal);
        Assert.EndsWith(",predicted_score,predicted_decision,predicted_model_version,predicted_refusal", header, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreFile_WhoseMetadataAsksForReasons_SaysWhyEachRowIsDecidedSo()
    {
        var name = $"{SharedPlatform.Model}/why.csv";
        var lines = CreditRisk.Scoring(3_000).TrimEnd('\n').Split('\n');
        lines[5] = string.Join(',', lines[5].Split(',').Select((field, i) => i == 1 ? "many" : field));
        var asks = new Dictionary<string, string> { ["reasons"] = "4" };
        await platform.DropAsync($"scoring-input/{name}", Encoding.UTF8.GetBytes(string.Join('\n', lines)), asks);

        var result = (await platform.WaitForTextAsync($"scoring-output/{name}")).TrimEnd('\n').Split('\n');

        Assert.EndsWith(",score,decision,model_version,refusal,reason_1,reason_2,reason_3,reason_4", result[0], StringComparison.Ordinal);
        Assert.EndsWith(",,,,", result[5], StringComparison.Ordinal);
        Assert.Equal(3_001, result.Length);
        foreach (var line in result.Skip(1).Where((_, i) => i != 4))
        {
            var fields = line.Split(',');
            var decision = fields[^7];
            Assert.Equal(result[0].Split(',').Length, fields.Length);
            Assert.EndsWith($": makes {decision} more likely", fields[^4], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ScoreFile_WhoseMetadataAsksForWhatCannotBe_IsRefusedWithWhatCan()
    {
        var name = $"{SharedPlatform.Model}/too-many-reasons.csv";
        await platform.DropAsync($"scoring-input/{name}", Encoding.UTF8.GetBytes(CreditRisk.Scoring(5)), new Dictionary<string, string> { ["reasons"] = "5" });

        var report = await platform.WaitForReportAsync($"scoring-input/{name}");

        var refusal = Assert.Single(report.GetProperty("refusals").EnumerateArray());
        Assert.Contains("reasons = '5'; expected a number from 0 to 4", refusal.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreFile_WithTextInANumericColumn_RefusesThatRowAndScoresTheRest()
    {
        var lines = CreditRisk.Scoring(50).TrimEnd('\n').Split('\n');
        var fields = lines[7].Split(',');
        fields[1] = "many";
        lines[7] = string.Join(',', fields);
        var name = $"{SharedPlatform.Model}/one-bad-row.csv";
        await platform.DropAsync($"scoring-input/{name}", string.Join('\n', lines));

        var result = (await platform.WaitForTextAsync($"scoring-output/{name}")).TrimEnd('\n').Split('\n');
        var run = await platform.WaitForRunAsync("ScoreFile", SharedPlatform.Model, r => r.ResultText("output") == $"scoring-output/{name}");
        var report = await platform.WaitForReportAsync($"scoring-input/{name}");

        Assert.Equal(51, result.Length);
        Assert.Equal(50, run.ResultCount("rows"));
        Assert.Equal(49, run.ResultCount("scored"));
        Assert.Equal(1, run.ResultCount("refused"));
        Assert.StartsWith(lines[7] + ",,,", result[7], StringComparison.Ordinal);
        Assert.Contains("Seniority", result[7], StringComparison.Ordinal);
        var refusal = Assert.Single(report.GetProperty("refusals").EnumerateArray());
        Assert.Equal(7, refusal.GetProperty("row").GetInt64());
        Assert.Equal("Seniority", refusal.GetProperty("column").GetString());
    }
}
