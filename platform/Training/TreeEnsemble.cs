using System.Globalization;
using System.Text.Json;

namespace Serverless.Platform.Training;

/// <summary>The trees of a booster, read from XGBoost's JSON format.</summary>
/// <param name="Trees">For each tree its nodes, the root first; a child stands after its parent.</param>
/// <param name="BaseMargin">What every row's margin starts from.</param>
/// <param name="Width">How many margins a row has.</param>
/// <param name="Targets">For each tree which of them it adds to.</param>
internal sealed record TreeEnsemble(IReadOnlyList<IReadOnlyList<TreeNode>> Trees, float BaseMargin, int Width, IReadOnlyList<int> Targets)
{
    /// <exception cref="InvalidDataException">The model is none that is trained here; the message says what differs.</exception>
    public static TreeEnsemble Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var learner = document.RootElement.GetProperty("learner");
        var booster = learner.GetProperty("gradient_booster");
        if (booster.GetProperty("name").GetString() != "gbtree")
        {
            throw new InvalidDataException($"Found an XGBoost model of booster '{booster.GetProperty("name")}'; expected gbtree.");
        }

        var (baseMargin, width) = Start(learner);
        var model = booster.GetProperty("model");
        var trees = model.GetProperty("trees").EnumerateArray().Select(ParseTree).ToArray();
        return new TreeEnsemble(trees, baseMargin, width, width == 1 ? new int[trees.Length] : Integers(model, "tree_info"));
    }

    /// <summary>What every margin of a booster starts from, and how many a row has.</summary>
    /// <exception cref="InvalidDataException">The objective is none that is trained for here.</exception>
    internal static (float BaseMargin, int Width) Start(JsonElement learner)
    {
        var objective = learner.GetProperty("objective").GetProperty("name").GetString();
        var parameters = learner.GetProperty("learner_model_param");
        var baseScore = double.Parse(parameters.GetProperty("base_score").GetString()!, CultureInfo.InvariantCulture);
        return objective switch
        {
            LearningObjective.Logistic => ((float)-Math.Log((1 / baseScore) - 1), 1),
            LearningObjective.SquaredError => ((float)baseScore, 1),
            LearningObjective.Softmax => ((float)baseScore, int.Parse(parameters.GetProperty("num_class").GetString()!, CultureInfo.InvariantCulture)),
            _ => throw new InvalidDataException(
                $"Found an XGBoost model of objective '{objective}'; expected {LearningObjective.Logistic}, {LearningObjective.Softmax} or {LearningObjective.SquaredError}."),
        };
    }

    private static List<TreeNode> ParseTree(JsonElement tree)
    {
        var left = Integers(tree, "left_children");
        var right = Integers(tree, "right_children");
        var features = Integers(tree, "split_indices");
        var defaultLeft = tree.GetProperty("default_left").EnumerateArray().Select(d => d.ValueKind == JsonValueKind.True || (d.ValueKind == JsonValueKind.Number && d.GetInt32() != 0)).ToArray();
        var values = tree.GetProperty("split_conditions").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        if (tree.GetProperty("categories").GetArrayLength() > 0)
        {
            throw new InvalidDataException("Found an XGBoost tree with categorical splits; expected numeric splits only.");
        }

        // Nodes that pruning has cut off stay in the arrays, so what counts is what the root leads to.
        var nodes = new List<TreeNode>();
        var places = new Queue<int>([0]);
        var next = 1;
        while (places.TryDequeue(out var place))
        {
            if (left[place] < 0)
            {
                nodes.Add(TreeNode.Leaf(values[place]));
                continue;
            }

            nodes.Add(new TreeNode(features[place], values[place], next, next + 1, defaultLeft[place]));
            places.Enqueue(left[place]);
            places.Enqueue(right[place]);
            next += 2;
        }

        return nodes;
    }

    private static int[] Integers(JsonElement tree, string property) => [.. tree.GetProperty(property).EnumerateArray().Select(v => v.GetInt32())];
}

/// <param name="Feature">The feature a split looks at; −1 for a leaf.</param>
/// <param name="Value">The split's threshold: a feature below it goes left. For a leaf what it adds to the margin.</param>
/// <param name="Left">The left child's place among the tree's nodes.</param>
/// <param name="Right">The right child's place.</param>
/// <param name="MissingLeft">Whether a missing feature goes left.</param>
internal readonly record struct TreeNode(int Feature, float Value, int Left, int Right, bool MissingLeft)
{
    public bool IsLeaf => Feature < 0;

    public static TreeNode Leaf(float value) => new(-1, value, 0, 0, false);
}
