using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>
/// Writes a trained model as one ONNX graph from raw columns to score, its nodes doing what <see cref="FeatureEncoding"/> does:
/// numbers joined, extremes made missing, categories one-hot, all joined, trees, sigmoid.
/// </summary>
internal static class ModelGraph
{
    public const string Output = "score";

    // Names within the graph start with this, and no input's name does.
    private const string Inner = "graph:";

    public static byte[] Write(ModelSignature signature, TreeEnsemble ensemble, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var graph = new OnnxGraph(signature.Model);
        foreach (var column in signature.Columns)
        {
            if (column.Kind == ColumnKind.Number) graph.FloatInput(column.Input);
            else graph.StringInput(column.Input);
        }

        graph.FloatOutput(signature.Output);
        var features = graph.Node("Concat", Features(graph, signature), Inner + "features", attributes: OnnxAttribute.Integer("axis", 1));
        var margin = graph.Node("TreeEnsembleRegressor", [features], Inner + "margin", OnnxGraph.MachineLearning, Attributes(ensemble));
        graph.Node("Sigmoid", [margin], signature.Output);
        return graph.ToModel(metadata);
    }

    /// <summary>A name of its own for the graph's input of each column: the header, but for control characters (a C string ends at NUL) and broken UTF-16.</summary>
    public static IReadOnlyList<string> InputNames(IReadOnlyList<FeatureColumn> columns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal) { Output };
        var names = new List<string>();
        foreach (var column in columns)
        {
            var wanted = string.Concat(column.Name.EnumerateRunes().Select(r => Rune.IsControl(r) || r == Rune.ReplacementChar ? "_" : r.ToString()));
            if (wanted.Length == 0 || wanted.StartsWith(Inner, StringComparison.Ordinal)) wanted = "column_" + wanted;
            var name = wanted;
            for (var n = 2; !taken.Add(name); n++) name = $"{wanted}_{n}";
            names.Add(name);
        }

        return names;
    }

    private static List<string> Features(OnnxGraph graph, ModelSignature signature)
    {
        var features = new List<string>();
        string[] numbers = [.. signature.Columns.Where(c => c.Kind == ColumnKind.Number).Select(c => c.Input)];
        if (numbers.Length > 0)
        {
            var raw = graph.Node("Concat", numbers, Inner + "raw-numbers", attributes: OnnxAttribute.Integer("axis", 1));
            var magnitude = graph.Node("Abs", [raw], Inner + "magnitude");
            var extreme = graph.Node("Greater", [magnitude, graph.Scalar(Inner + "greatest-magnitude", FeatureEncoding.GreatestMagnitude)], Inner + "extreme");
            features.Add(graph.Node("Where", [extreme, graph.Scalar(Inner + "missing", float.NaN), raw], Inner + "numbers"));
        }

        var known = signature.Columns.Index().Where(c => c.Item.Categories.Count > 0).ToList();
        var middle = known.Count > 0 ? graph.Vector(Inner + "middle-axis", 1) : "";
        foreach (var (place, column) in known)
        {
            // zeros = 1: a category that is not known gives zeros, not an error.
            var encoded = graph.Node(
                "OneHotEncoder", [column.Input], $"{Inner}encoded-{place}", OnnxGraph.MachineLearning,
                OnnxAttribute.Texts("cats_strings", column.Categories), OnnxAttribute.Integer("zeros", 1));
            features.Add(graph.Node("Squeeze", [encoded, middle], $"{Inner}categories-{place}"));
        }

        return features;
    }

    private static OnnxAttribute[] Attributes(TreeEnsemble ensemble)
    {
        var nodes = ensemble.Trees.SelectMany((tree, t) => tree.Select((node, n) => (Tree: (long)t, Place: (long)n, Node: node))).ToArray();
        var leaves = nodes.Where(n => n.Node.IsLeaf).ToArray();
        return
        [
            OnnxAttribute.Integer("n_targets", 1),
            OnnxAttribute.Text("aggregate_function", "SUM"),
            OnnxAttribute.Text("post_transform", "NONE"),
            OnnxAttribute.Floats("base_values", [ensemble.BaseMargin]),
            OnnxAttribute.Integers("nodes_treeids", [.. nodes.Select(n => n.Tree)]),
            OnnxAttribute.Integers("nodes_nodeids", [.. nodes.Select(n => n.Place)]),
            OnnxAttribute.Texts("nodes_modes", nodes.Select(n => n.Node.IsLeaf ? "LEAF" : "BRANCH_LT")),
            OnnxAttribute.Integers("nodes_featureids", [.. nodes.Select(n => n.Node.IsLeaf ? 0L : n.Node.Feature)]),
            OnnxAttribute.Floats("nodes_values", [.. nodes.Select(n => n.Node.IsLeaf ? 0 : n.Node.Value)]),
            OnnxAttribute.Integers("nodes_truenodeids", [.. nodes.Select(n => (long)n.Node.Left)]),
            OnnxAttribute.Integers("nodes_falsenodeids", [.. nodes.Select(n => (long)n.Node.Right)]),
            OnnxAttribute.Integers("nodes_missing_value_tracks_true", [.. nodes.Select(n => n.Node.MissingLeft ? 1L : 0L)]),
            OnnxAttribute.Integers("target_treeids", [.. leaves.Select(n => n.Tree)]),
            OnnxAttribute.Integers("target_nodeids", [.. leaves.Select(n => n.Place)]),
            OnnxAttribute.Integers("target_ids", [.. leaves.Select(_ => 0L)]),
            OnnxAttribute.Floats("target_weights", [.. leaves.Select(n => n.Node.Value)]),
        ];
    }
}
