using System.Text.RegularExpressions;

namespace Serverless.Local.Commands;

/// <summary>CONTAINER/PATH, as people type it.</summary>
public sealed partial record BlobAddress(string Container, string Path)
{
    private const int LongestPath = 1024;

    /// <exception cref="CommandException">It isn't CONTAINER/PATH, or storage would refuse the container's name or the path's length.</exception>
    public static BlobAddress Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == text.Length - 1)
            throw new CommandException($"'{text}' is not CONTAINER/PATH. An example: training-data/credit-risk/credit_data.csv");
        var (container, path) = (text[..slash], text[(slash + 1)..]);
        if (!ContainerName().IsMatch(container))
        {
            throw new CommandException(
                $"'{container}' cannot be a container's name: 3 to 63 lower-case letters, digits and single hyphens are allowed, " +
                "with a letter or digit at both ends. An example: training-data");
        }
        return path.Length <= LongestPath
            ? new BlobAddress(container, path)
            : throw new CommandException($"The path in {container} has {path.Length} characters; at most {LongestPath} are allowed.");
    }

    public override string ToString() => $"{Container}/{Path}";

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
