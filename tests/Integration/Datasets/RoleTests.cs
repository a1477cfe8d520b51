using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>What datasets make of columns that are more than numbers and categories.</summary>
public sealed class RoleTests : IDisposable
{
    private static readonly string[] Words = ["paid", "late", "again", "loan", "for", "new", "car", "after", "moving", "house"];

    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_ColumnsOfManyRoles_AreWhatTheirValuesAre()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition + "\nsensitive: [Opened, Member]", fixture.Add("a.csv", Csv(150, 1)), fixture.Add("b.csv", Csv(150, 151)));

        var kinds = built.Manifest.Features.ToDictionary(f => f.Name, f => f.Kind);
        Assert.Equal(ColumnKind.Date, kinds["Opened"]);
        Assert.Equal(ColumnKind.Boolean, kinds["Member"]);
        Assert.Equal(ColumnKind.Number, kinds["Flag"]);
        Assert.Equal(ColumnKind.Text, kinds["Note"]);
        Assert.Equal(ColumnKind.Category, kinds["Street"]);
        Assert.Equal(["Number", "Shuffled", "Token"], built.Manifest.Excluded.Select(e => e.Name));
        Assert.All(built.Manifest.Excluded, e => Assert.StartsWith("like an identifier", e.Reason, StringComparison.Ordinal));

        var roles = built.Profile.Columns.ToDictionary(c => c.Name, c => c.Role);
        Assert.Equal(ColumnRole.Boolean, roles["Flag"]);
        Assert.Equal(ColumnRole.Boolean, roles["Member"]);
        Assert.Equal(ColumnRole.Text, roles["Note"]);
        Assert.Equal(ColumnRole.Numeric, roles["Age"]);
        var dates = built.Profile.Columns.Single(c => c.Name == "Opened").Numbers!;
        Assert.Equal((18262d, 18561d), (dates.Min, dates.Max));

        var train = built.Read(DataSplit.Train);
        var opened = built.Manifest.Features.Index().Single(f => f.Item.Name == "Opened").Index;
        Assert.All(Enumerable.Range(0, train.RowCount), row => Assert.Matches("^2020-[01][0-9]-[0-3][0-9]$|^$", train.Features.Text(opened, row)));
        Assert.Equal(["", "2020"], train.Sensitive["Opened"].Distinct().Order());
        Assert.Equal(["No", "yes"], train.Sensitive["Member"].Distinct().Order());
    }

    [Fact]
    public async Task BuildAsync_DatesAndBooleans_StandAsDaysAndTextsBesideWhereTheyComeFrom()
    {
        var source = fixture.Add("a.csv", Csv(150, 1));
        var built = await fixture.BuildAsync(DatasetFixture.Definition, source);

        using var connection = DuckDbConnection.Open();
        using var result = connection.Query(
            $"""SELECT concat_ws(' ', {DatasetColumns.Source}, {DatasetColumns.Row}, "Opened"::VARCHAR, typeof("Opened"), "Member", "Flag"::VARCHAR) FROM read_parquet(?) WHERE {DatasetColumns.Row} IN (1, 3, 40) ORDER BY {DatasetColumns.Row}""",
            TestContext.Current.CancellationToken, built.Data);
        using var chunk = result.NextChunk()!;

        var sha = source.ContentHash;
        Assert.Equal(
            [$"{sha} 1 18262.0 FLOAT No 1.0", $"{sha} 3 18264.0 FLOAT yes 1.0", $"{sha} 40 FLOAT No 0.0"],
            Enumerable.Range(0, chunk.RowCount).Select(row => chunk.Text(0, row)));
    }

    [Fact]
    public async Task BuildAsync_RolesGivenByTheDefinition_WinOverInference()
    {
        const string Roles = "\nfeatures: { Number: numeric, Opened: categorical, Age: identifier, Street: text, Token: categorical, Flag: boolean }";
        var built = await fixture.BuildAsync(DatasetFixture.Definition + Roles, fixture.Add("a.csv", Csv(300, 1)));
        var inferred = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", Csv(300, 1)));

        var kinds = built.Manifest.Features.ToDictionary(f => f.Name, f => f.Kind);
        Assert.Equal(
            (ColumnKind.Number, ColumnKind.Category, ColumnKind.Text, ColumnKind.Category), (kinds["Number"], kinds["Opened"], kinds["Street"], kinds["Token"]));
        Assert.Equal("an identifier, as the definition says", built.Manifest.Excluded.Single(e => e.Name == "Age").Reason);
        Assert.NotEqual(inferred.Manifest.Version, built.Manifest.Version);
        Assert.Equal(inferred.Read(DataSplit.Train).RowHashes, built.Read(DataSplit.Train).RowHashes);
    }

    [Theory]
    [InlineData("features: { opened: date }", "'opened'", "'Opened'")]
    [InlineData("features: { Weather: numeric }", "'Weather'", "Remove 'Weather'")]
    public async Task BuildAsync_RoleOfAColumnThatNoFileHas_IsRefused(string features, string reason, string remedy)
    {
        var built = await fixture.BuildAsync($"{DatasetFixture.Definition}\n{features}", fixture.Add("a.csv", Csv(100, 1)));

        var refusal = Assert.Single(built.Result.Refusals);
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Home: boolean", "expected true or false")]
    [InlineData("Home: date", "expected a date")]
    public async Task BuildAsync_ValuesThatAreNotOfTheToldRole_AreRefusedWithTheirRows(string role, string expected)
    {
        var isDate = role.EndsWith("date", StringComparison.Ordinal);
        var text = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], f[2], i == 50 ? "perhaps" : isDate ? $"{1 + (i % 28)}.2.2024" : i % 2 == 0 ? "Y" : "n"]);

        var built = await fixture.BuildAsync($"{DatasetFixture.Definition}\nfeatures: {{ {role} }}", fixture.Add("a.csv", text));

        Assert.Equal(199, built.Manifest.Rows);
        var refusal = Assert.Single(Assert.Single(built.Result.Sources).RowRefusals);
        Assert.Equal((50L, "Home"), (refusal.Row, refusal.Column));
        Assert.Contains(expected, refusal.Reason, StringComparison.Ordinal);
    }

    private static string Csv(int rows, int first) => DatasetFixture.Csv(rows, seed: first, change: (i, f) =>
    {
        var row = first + i - 1;
        var opened = row % 40 == 0 ? "" : new DateOnly(2020, 1, 1).AddDays(row - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var note = string.Join(' ', Enumerable.Range(0, 5).Select(w => Words[row * (w + 3) / 7 % Words.Length])) + $" ref{row}";
        return [.. f, opened, row % 3 == 0 ? "yes" : "No", (row % 2).ToString(CultureInfo.InvariantCulture), note, $"street of house {row % 20}",
            row.ToString(CultureInfo.InvariantCulture), (row * 7 % 307).ToString(CultureInfo.InvariantCulture), $"{row * 7919:x8}"];
    }).Replace("Income,Home\n", "Income,Home,Opened,Member,Flag,Note,Street,Number,Shuffled,Token\n", StringComparison.Ordinal);
}
