using System.Globalization;

namespace Serverless.Platform.Training;

/// <summary>The trees of a booster, read from XGBoost's binary format.</summary>
/// <param name="Trees">For each tree its nodes, the root first; a child stands after its parent.</param>
/// <param name="BaseMargin">What every row's margin starts from.</param>
/// <param name="Width">How many margins a row has.</param>
/// <param name="Targets">For each tree which of them it adds to.</param>
internal sealed record TreeEnsemble(IReadOnlyList<IReadOnlyList<TreeNode>> Trees, float BaseMargin, int Width, IReadOnlyList<int> Targets)
{
    /// <exception cref="InvalidDataException">The model is none that is trained here; the message says what differs.</exception>
    public static TreeEnsemble Parse(byte[] saved)
    {
        var learner = UbjsonValue.Parse(saved)["learner"];
        var model = Model(learner, "gbtree");
        var (baseMargin, width) = Start(learner);
        var trees = model["trees"].Items().Select(ParseTree).ToArray();
        return new TreeEnsemble(trees, baseMargin, width, width == 1 ? new int[trees.Length] : model["tree_info"].Integers());
    }

    /// <summary>What was learned, of a booster of the kind that is expected.</summary>
    /// <exception cref="InvalidDataException">The booster is of another kind.</exception>
    internal static UbjsonValue Model(UbjsonValue learner, string expected)
    {
        var booster = learner["gradient_booster"];
        var name = booster["name"].Text();
        return name == expected ? booster["model"] : throw new InvalidDataException($"Found an XGBoost model of booster '{name}'; expected {expected}.");
    }

    /// <summary>What every margin of a booster starts from, and how many a row has.</summary>
    /// <exception cref="InvalidDataException">The objective is none that is trained for here.</exception>
    internal static (float BaseMargin, int Width) Start(UbjsonValue learner)
    {
        var objective = learner["objective"]["name"].Text();
        var parameters = learner["learner_model_param"];
        var baseScore = double.Parse(parameters["base_score"].Text(), CultureInfo.InvariantCulture);
        return objective switch
        {
            LearningObjective.Logistic => ((float)-Math.Log((1 / baseScore) - 1), 1),
            LearningObjective.SquaredError => ((float)baseScore, 1),
            LearningObjective.Softmax => ((float)baseScore, int.Parse(parameters["num_class"].Text(), CultureInfo.InvariantCulture)),
            _ => throw new InvalidDataException(
                $"Found an XGBoost model of objective '{objective}'; expected {LearningObjective.Logistic}, {LearningObjective.Softmax} or {LearningObjective.SquaredError}."),
        };
    }

    private static List<TreeNode> ParseTree(UbjsonValue tree)
    {
        var left = tree["left_children"].Integers();
        var right = tree["right_children"].Integers();
        var features = tree["split_indices"].Integers();
        var defaultLeft = tree["default_left"].Integers();
        var values = tree["split_conditions"].Numbers();
        if (tree["categories"].Integers().Length > 0)
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

            nodes.Add(new TreeNode(features[place], values[place], next, next + 1, defaultLeft[place] != 0));
            places.Enqueue(left[place]);
            places.Enqueue(right[place]);
            next += 2;
        }

        return nodes;
    }
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
