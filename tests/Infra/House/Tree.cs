using System.Xml.Linq;
using Serverless.Local;

namespace Serverless.Tests.Infra.House;

/// <summary>The files of the checkout that these tests were built in, without what builds and tools put there.</summary>
internal static class Tree
{
    private static readonly string[] Folders = ["platform", "orchestrations", "functions", "embedded", "infra", "tests"];

    public static string Root { get; } = Checkout.Find().Root;

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Paths below the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string pattern, params string[] folders) => [
        .. (folders.Length > 0 ? folders : Folders)
            .SelectMany(folder => Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Projects => Files("*.csproj");

    public static XDocument Xml(string file) => XDocument.Load(At(file));
}
