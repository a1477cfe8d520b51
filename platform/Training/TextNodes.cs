namespace Serverless.Platform.Training;

/// <summary>The nodes of a graph that do what <see cref="TextWords"/> does.</summary>
internal static class TextNodes
{
    /// <param name="graph">The graph.</param>
    /// <param name="input">The text column, of shape [N, 1].</param>
    /// <param name="words">What it is known by.</param>
    /// <param name="place">The column's place, for names.</param>
    /// <returns>The matrix of the words' features.</returns>
    public static string Write(OnnxGraph graph, string input, TextWords words, int place)
    {
        var inner = $"{ModelGraph.Inner}text-{place}";
        var flat = graph.Node("Reshape", [input, graph.Vector($"{inner}-shape", -1)], $"{inner}-flat");

        // Marks at both ends, which are no words, so that no row is without a token.
        var tokens = graph.Node(
            "Tokenizer", [flat], $"{inner}-tokens", OnnxGraph.Contributed,
            OnnxAttribute.Integer("mark", 1),
            OnnxAttribute.Integer("mincharnum", TextWords.LeastLength),
            OnnxAttribute.Text("pad_value", ""),
            OnnxAttribute.Text("tokenexp", TextWords.Expression));
        var forms = words.Forms();
        var counts = graph.Node(
            "TfIdfVectorizer", [tokens], $"{inner}-counts", attributes:
            [
                OnnxAttribute.Text("mode", "TF"),
                OnnxAttribute.Integer("min_gram_length", 1),
                OnnxAttribute.Integer("max_gram_length", 1),
                OnnxAttribute.Integer("max_skip_count", 0),
                OnnxAttribute.Integers("ngram_counts", [0]),
                OnnxAttribute.Integers("ngram_indexes", [.. forms.Values.Select(v => (long)v)]),
                OnnxAttribute.Texts("pool_strings", forms.Keys),
            ]);
        return graph.Node("Mul", [counts, graph.Matrix($"{inner}-weights", 1, words.Weights.Count, [.. words.Weights])], $"{inner}-words");
    }
}
