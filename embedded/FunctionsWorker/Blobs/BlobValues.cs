using System.Collections;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>Makes a value of a parameter's type from a blob, or from all blobs below a path.</summary>
/// <param name="container">The container.</param>
/// <param name="path">The blob's name, or a prefix; empty for the container alone.</param>
/// <param name="invocation">The invocation that the value is for.</param>
internal delegate ValueTask<object?> BlobValue(BlobContainerClient container, string path, Invocation invocation);

/// <summary>The types that blob triggers and inputs are bound to.</summary>
internal static partial class BlobValues
{
    public const string Expected =
        "Stream, string, byte[], BlobClient, BlobBaseClient, BlockBlobClient, AppendBlobClient, PageBlobClient, BlobContainerClient, a collection of these, or a type that can be read from JSON";

    /// <summary>How the type is made; null when it cannot be.</summary>
    public static BlobValue? For(Type type)
    {
        if (ElementType(type) is not { } element)
            return type == typeof(BlobContainerClient) ? Container : OfOne(type);
        if (element == typeof(BlobContainerClient) || OfOne(element) is not { } one)
            return null;
        // A name with an extension is a file, which holds the collection as JSON; any other is a prefix.
        var whole = IsClient(element) || element == typeof(Stream) ? null : OfJson(type);
        return async (container, path, invocation) =>
        {
            if (!LooksLikeFile().IsMatch(path))
                return await CollectAsync(type, element, one, container, path, invocation);
            return whole is not null
                ? await whole(container, path, invocation)
                : throw new FunctionInputConverterException(
                    $"The function '{invocation.Function.Name}' takes a collection of {element.Name}, and its path '{path}' names one blob. Give the path of a container or folder, or take a {element.Name}.");
        };
    }

    /// <summary>Whether values of the type need the worker's own access to storage, and so cannot be made from text that the host passes on.</summary>
    public static bool IsStorageType(Type type) => ElementType(type) is { } element
        ? IsClient(element) || element == typeof(Stream)
        : IsClient(type) || type == typeof(BlobContainerClient) || type == typeof(Stream);

    private static ValueTask<object?> Container(BlobContainerClient container, string path, Invocation invocation) => LooksLikeFile().IsMatch(path)
        ? throw new FunctionInputConverterException(
            $"The function '{invocation.Function.Name}' takes a BlobContainerClient, and its path '{path}' names a blob. Give the path of the container, or take a BlobClient.")
        : new(container);

    /// <summary>From one blob.</summary>
    private static BlobValue? OfOne(Type type)
    {
        if (type == typeof(BlobClient))
            return Client((container, name) => container.GetBlobClient(name));
        if (type == typeof(BlobBaseClient))
            return Client((container, name) => container.GetBlobBaseClient(name));
        if (type == typeof(BlockBlobClient))
            return Client((container, name) => container.GetBlockBlobClient(name));
        if (type == typeof(AppendBlobClient))
            return Client((container, name) => container.GetAppendBlobClient(name));
        if (type == typeof(PageBlobClient))
            return Client((container, name) => container.GetPageBlobClient(name));
        if (type == typeof(Stream))
            return Read((blob, _, stop) => blob.OpenReadAsync(new BlobOpenReadOptions(false), stop));
        if (type == typeof(string))
            return Read(async (blob, _, stop) => (await ContentAsync(blob, stop)).ToString());
        if (type == typeof(byte[]))
            return Read(async (blob, _, stop) => (await ContentAsync(blob, stop)).ToArray());
        // The genuine worker reads BinaryData as JSON that holds base64, which no file is.
        return type == typeof(BinaryData) || type.IsPointer || typeof(Delegate).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type)
            || type.Namespace?.StartsWith("Azure.", StringComparison.Ordinal) == true
            || (type.IsInterface && ElementType(type) is null)
            ? null
            : OfJson(type);
    }

    private static BlobValue OfJson(Type type) => Read(async (blob, invocation, stop) =>
        invocation.Serializer.Read(await ContentAsync(blob, stop), type, "blob", invocation.Function.Name));

    private static BlobValue Client(Func<BlobContainerClient, string, object> make) => (container, name, invocation) => new(make(container, Named(name, invocation)));

    private static BlobValue Read<T>(Func<BlobClient, Invocation, CancellationToken, Task<T>> read) => async (container, name, invocation) =>
    {
        try
        {
            return await read(container.GetBlobClient(Named(name, invocation)), invocation, invocation.CancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw new FunctionInputConverterException(
                $"The function '{invocation.Function.Name}' takes the blob '{container.Name}/{name}', which does not exist. Take a BlobClient where it may be missing.", missing);
        }
    };

    private static string Named(string name, Invocation invocation) => name.Length > 0
        ? name
        : throw new FunctionInputConverterException($"The function '{invocation.Function.Name}' takes one blob, and its path names a container alone. Add a slash and the blob's name.");

    private static async Task<object> CollectAsync(
        Type type, Type element, BlobValue one, BlobContainerClient container, string prefix, Invocation invocation)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        await foreach (var blob in container.GetBlobsAsync(prefix: prefix.Length == 0 ? null : prefix, cancellationToken: invocation.CancellationToken))
            list.Add(await one(container, blob.Name, invocation));
        if (!type.IsArray)
            return list;
        var array = Array.CreateInstance(element, list.Count);
        list.CopyTo(array, 0);
        return array;
    }

    /// <summary>The element's type of an array or of what a list can stand for; null for anything else, text and bytes among it.</summary>
    private static Type? ElementType(Type type)
    {
        if (type.IsArray)
            return type == typeof(byte[]) ? null : type.GetElementType();
        return type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(typeof(List<>).MakeGenericType(element)) ? element : null;
    }

    private static bool IsClient(Type type) => typeof(BlobBaseClient).IsAssignableFrom(type);

    private static async Task<BinaryData> ContentAsync(BlobClient blob, CancellationToken cancellationToken) =>
        (await blob.DownloadContentAsync(cancellationToken)).Value.Content;

    [GeneratedRegex(@"\.[^./]+$")]
    private static partial Regex LooksLikeFile();
}
