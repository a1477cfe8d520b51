namespace Serverless.Tests.Benchmarks;

/// <summary>A folder for a benchmark's files, deleted at its end.</summary>
internal sealed class BenchmarkFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-bench-");

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}
