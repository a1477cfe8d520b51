namespace Serverless.Platform.Training;

/// <summary>The nodes of a graph that sum up trees.</summary>
internal static class TreeNodes
{
    /// <param name="graph">The graph.</param>
    /// <param name="features">All features, in their order.</param>
    /// <param name="ensemble">The trees.</param>
    /// <returns>The margins: [N, width].</returns>
    public static string Margin(OnnxGraph graph, IReadOnlyList<string> features, TreeEnsemble ensemble) => graph.Node(
        "TreeEnsembleRegressor", [ModelGraph.Joined(graph, features, ModelGraph.Inner + "tree-features")], ModelGraph.Inner + "tree-margin", OnnxGraph.MachineLearning, Attributes(ensemble));

    private static OnnxAttribute[] Attributes(TreeEnsemble ensemble)
    {
        var nodes = ensemble.Trees.SelectMany((tree, t) => tree.Select((node, n) => (Tree: (long)t, Place: (long)n, Node: node))).ToArray();
        var leaves = nodes.Where(n => n.Node.IsLeaf).ToArray();
        return
        [
            OnnxAttribute.Integer("n_targets", ensemble.Width),
            OnnxAttribute.Text("aggregate_function", "SUM"),
            OnnxAttribute.Text("post_transform", "NONE"),
            OnnxAttribute.Floats("base_values", [.. Enumerable.Repeat(ensemble.BaseMargin, ensemble.Width)]),
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
            OnnxAttribute.Integers("target_ids", [.. leaves.Select(n => (long)ensemble.Targets[(int)n.Tree])]),
            OnnxAttribute.Floats("target_weights", [.. leaves.Select(n => n.Node.Value)]),
        ];
    }
}
