namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Paths of blob bindings: a container's name, and after a slash a blob's.</summary>
internal static class BlobPath
{
    /// <param name="text">With settings resolved.</param>
    /// <param name="needsBlob">Whether a container alone is not enough.</param>
    /// <exception cref="FormatException">The text is not such a path.</exception>
    public static BindingTemplate Parse(string text, bool needsBlob)
    {
        var path = BindingTemplate.Parse(text, "blob path");
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (needsBlob && (slash < 0 || slash == text.Length - 1))
            throw new FormatException($"The blob path '{text}' names no blob; expected a container, a slash and a blob's name");
        var container = slash < 0 ? text : text[..slash];
        if (!container.Contains('{', StringComparison.Ordinal))
            CheckContainer(container, text);
        return path;
    }

    /// <exception cref="FormatException">The container's name is one that storage refuses.</exception>
    public static (string Container, string Blob) Split(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var container = slash < 0 ? path : path[..slash];
        CheckContainer(container, path);
        return (container, slash < 0 ? "" : path[(slash + 1)..]);
    }

    public static void CheckContainer(string container, string path)
    {
        if (!StorageNames.IsContainer(container))
            throw new FormatException($"The blob path '{path}' begins with '{container}', which is not a container's name; expected {StorageNames.Rule}");
    }
}
