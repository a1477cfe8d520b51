using System.Text;
using System.Text.Json;
using Azure.Core.Serialization;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Outputs;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class OutputContentTests
{
    private static readonly WorkerSerializer Serializer = new(new JsonObjectSerializer());

    public static TheoryData<object, string[]> Messages => new()
    {
        { "plain", ["plain"] },
        { "bytes"u8.ToArray(), ["bytes"] },
        { new Item("ä", 1), ["{\n  \"Name\": \"ä\",\n  \"Count\": 1\n}"] },
        { new List<Item> { new("a", 1), new("b", 2) }, ["{\n  \"Name\": \"a\",\n  \"Count\": 1\n}", "{\n  \"Name\": \"b\",\n  \"Count\": 2\n}"] },
        { new[] { "one", "two" }, ["one", "two"] },
        { Array.Empty<string>(), [] },
        { """["x", 2, true]""", ["x", "2", "True"] },
        { """ {"a":1} """, ["{\n  \"a\": 1\n}"] },
        { 5, ["5"] },
        { JsonSerializer.SerializeToElement<string?>(null), [] },
    };

    public static TheoryData<object, byte[]?> Blobs => new()
    {
        { "plain", "plain"u8.ToArray() },
        { """{ "kept": "as is" }""", """{ "kept": "as is" }"""u8.ToArray() },
        { new byte[] { 0, 255 }, [0, 255] },
        { new Item("ä", 1), Encoding.UTF8.GetBytes("""{"Name":"ä","Count":1}""") },
        { new[] { 1, 2 }, "[1,2]"u8.ToArray() },
        { 258, [2, 1, 0, 0] },
        { true, [1] },
        { JsonSerializer.SerializeToElement<string?>(null), null },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void OfMessages_Value_IsOneMessageForEachElement(object value, string[] expected) =>
        Assert.Equal(expected, OutputContent.OfMessages(value, Serializer).Select(Encoding.UTF8.GetString));

    [Theory]
    [MemberData(nameof(Blobs))]
    public void OfBlob_Value_IsItsBytes(object value, byte[]? expected) => Assert.Equal(expected, OutputContent.OfBlob(value, Serializer));

    [Fact]
    public void OfMessages_TextThatLooksLikeJsonAndIsNone_Fails() => Assert.ThrowsAny<JsonException>(() => OutputContent.OfMessages("{broken}", Serializer));

    private sealed record Item(string Name, int Count);
}
