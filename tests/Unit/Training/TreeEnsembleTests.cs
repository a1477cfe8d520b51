using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TreeEnsembleTests
{
    // Nodes 3 and 4 were cut off by pruning: the root leads to 1 and 2 only.
    private const string Pruned = """
        {"learner":{"learner_model_param":{"base_score":"2.5E-1"},"objective":{"name":"binary:logistic"},"gradient_booster":{"name":"gbtree","model":{"trees":[
          {"left_children":[1,-1,-1,-1,-1],"right_children":[2,-1,-1,-1,-1],"split_indices":[7,0,0,0,0],"split_conditions":[1.5,-2E-1,3E-1,9,9],
           "default_left":[1,0,0,0,0],"categories":[]}]}}}}
        """;

    [Fact]
    public void Parse_PrunedTree_KeepsWhatTheRootLeadsTo()
    {
        var ensemble = Parse(Pruned);

        Assert.Equal([new TreeNode(7, 1.5f, 1, 2, true), TreeNode.Leaf(-0.2f), TreeNode.Leaf(0.3f)], Assert.Single(ensemble.Trees));
    }

    [Fact]
    public void Parse_BaseScore_BecomesItsLogit() => Assert.Equal(Math.Log(0.25 / 0.75), Parse(Pruned).BaseMargin, 6);

    [Theory]
    [InlineData("binary:logistic", "rank:pairwise")]
    [InlineData("gbtree", "dart")]
    [InlineData("\"categories\":[]", "\"categories\":[1]")]
    public void Parse_ModelOfAnotherKind_Throws(string part, string other) =>
        Assert.Throws<InvalidDataException>(() => Parse(Pruned.Replace(part, other, StringComparison.Ordinal)));

    [Fact]
    public void Parse_Regression_StartsFromTheBaseScoreItself() =>
        Assert.Equal(0.25f, Parse(Pruned.Replace("binary:logistic", "reg:squarederror", StringComparison.Ordinal)).BaseMargin);

    [Fact]
    public void Parse_SeveralClasses_KnowsWhichTreeAddsToWhich()
    {
        var ensemble = Parse(Pruned
            .Replace("binary:logistic", "multi:softprob", StringComparison.Ordinal)
            .Replace("\"2.5E-1\"", "\"5E-1\",\"num_class\":\"3\"", StringComparison.Ordinal)
            .Replace("\"trees\"", "\"tree_info\":[2],\"trees\"", StringComparison.Ordinal));

        Assert.Equal((3, 0.5f, 2), (ensemble.Width, ensemble.BaseMargin, Assert.Single(ensemble.Targets)));
    }

    private static TreeEnsemble Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return TreeEnsemble.Parse([.. Ubjson(document.RootElement, isOfNumbers: false)]);
    }

    /// <summary>The same in XGBoost's binary format.</summary>
    private static IEnumerable<byte> Ubjson(JsonElement element, bool isOfNumbers) => element.ValueKind switch
    {
        JsonValueKind.Object =>
        [
            (byte)'{', .. element.EnumerateObject().SelectMany(m => Text(m.Name).Concat(Ubjson(m.Value, m.Name == "split_conditions"))), (byte)'}',
        ],
        JsonValueKind.Array when isOfNumbers => [.. "[$d#"u8, .. Count(element.GetArrayLength()), .. element.EnumerateArray().SelectMany(v => BigEndian(v.GetSingle()))],
        JsonValueKind.Array => [.. "[#"u8, .. Count(element.GetArrayLength()), .. element.EnumerateArray().SelectMany(v => Ubjson(v, isOfNumbers: false))],
        JsonValueKind.String => [(byte)'S', .. Text(element.GetString()!)],
        _ => [(byte)'l', .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(element.GetInt32()))],
    };

    private static byte[] Text(string text) => [.. Count(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Count(long count) => [(byte)'L', .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(count))];

    private static byte[] BigEndian(float value) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(value)));
}
