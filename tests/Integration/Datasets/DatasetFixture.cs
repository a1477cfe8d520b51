using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Profiles;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>A folder of source files and of the datasets made of them; gone after the test.</summary>
internal sealed class DatasetFixture : IDisposable
{
    public const string Definition = """
        model: credit-risk
        task: binary-classification
        target: { column: Status, positive: bad }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("datasets-");
    private int outputs;

    public static string SampleCsv { get; } = Path.Combine(AppContext.BaseDirectory, "samples", "credit-risk", "credit_data.csv");

    public static ModelDefinition Parse(string text) => Assert.IsType<ModelDefinition>(DefinitionParser.Parse(text, "credit-risk").Definition);

    /// <summary>Rows of Status, Age, Income, Home: every third is bad; numbers and texts vary.</summary>
    public static string Csv(int rows, int seed = 1, char delimiter = ',', Func<int, string[], string[]>? change = null)
    {
        var random = new Random(seed);
        var csv = new StringBuilder().AppendJoin(delimiter, "Status", "Age", "Income", "Home").Append('\n');
        for (var i = 1; i <= rows; i++)
        {
            string[] fields =
            [
                i % 3 == 0 ? "bad" : "good",
                random.Next(18, 80).ToString(CultureInfo.InvariantCulture),
                random.Next(100, 9000).ToString(CultureInfo.InvariantCulture),
                ((string[])["own", "rent", "other"])[random.Next(3)],
            ];
            csv.AppendJoin(delimiter, change?.Invoke(i, fields) ?? fields).Append('\n');
        }

        return csv.ToString();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    public SourceFile Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    public SourceFile Add(string name, byte[] content)
    {
        var path = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.source");
        File.WriteAllBytes(path, content);
        return new SourceFile($"credit-risk/{name}", path, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    public Task<BuiltDataset> BuildAsync(string definition, params SourceFile[] sources) => BuildAsync(new DatasetBuilder(), definition, sources);

    public async Task<BuiltDataset> BuildAsync(DatasetBuilder builder, string definition, params SourceFile[] sources)
    {
        var output = Path.Combine(folder.FullName, $"out{outputs++}");
        return new BuiltDataset(output, await builder.BuildAsync(Parse(definition), sources, output, TestContext.Current.CancellationToken));
    }

    public void Dispose() => folder.Delete(recursive: true);
}

internal sealed record BuiltDataset(string Folder, DatasetResult Result)
{
    public DatasetManifest Manifest
    {
        get
        {
            Assert.Empty(Result.Refusals);
            return Assert.IsType<DatasetManifest>(Result.Manifest);
        }
    }

    public string Data => Path.Combine(Folder, DatasetBuilder.DataFile);

    public DatasetProfile Profile => DatasetProfile.FromJson(File.ReadAllBytes(Path.Combine(Folder, DatasetBuilder.ProfileFile)));

    public DatasetComparison? Comparison => JsonSerializer.Deserialize<DatasetComparison>(
        File.ReadAllBytes(Path.Combine(Folder, DatasetBuilder.ComparisonFile)), JsonSerializerOptions.Web);

    public LabeledTable Read(DataSplit split) => DatasetReader.Read(Data, Manifest, split, TestContext.Current.CancellationToken);
}
