using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>
/// Writes a trained model as one ONNX graph from raw columns to score, its nodes doing what <see cref="LearnerEncoding"/> does:
/// numbers joined, extremes made missing, missing ones imputed, dates taken apart, rates and shares looked up, categories one-hot, words counted, all joined, trees or
/// weights, or the sum of both; then for classes calibration and sigmoid or softmax.
/// </summary>
internal static class ModelGraph
{
    public const string Output = "score";

    // Names within the graph start with this, and no input's name does.
    internal const string Inner = "graph:";

    public static byte[] Write(ModelSignature signature, Learner learner, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var graph = new OnnxGraph(signature.Model);
        foreach (var column in signature.Columns)
        {
            if (column.Kind.IsNumeric()) graph.FloatInput(column.Input);
            else graph.StringInput(column.Input);
        }

        graph.FloatOutput(signature.Output, signature.Width);
        var numbers = Numbers(graph, signature);
        List<string> categories = [.. Categories(graph, signature), .. Texts(graph, signature)];
        List<string> margins = [];
        if (learner.Trees is { } trees) margins.Add(TreeNodes.Margin(graph, [.. numbers, .. categories], TreeEnsemble.Parse(trees.Save())));
        if (learner.Linear is { } linear) margins.Add(LinearNodes.Margin(graph, signature, numbers, categories, LinearModel.Parse(linear.Save())));
        var margin = margins.Count == 1 ? margins[0] : graph.Node("Add", margins, Inner + "margin");
        var calibrated = signature.Calibration is { } calibration ? Calibrated(graph, margin, calibration) : margin;
        _ = signature.Task switch
        {
            LearningTask.Regression => graph.Node("Identity", [margin], signature.Output),
            LearningTask.MulticlassClassification => graph.Node("Softmax", [calibrated], signature.Output, attributes: OnnxAttribute.Integer("axis", 1)),
            _ => graph.Node("Sigmoid", [calibrated], signature.Output),
        };
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

    /// <summary>Several matrices of the same rows, side by side.</summary>
    internal static string Joined(OnnxGraph graph, IReadOnlyList<string> features, string to) =>
        graph.Node("Concat", features, to, attributes: OnnxAttribute.Integer("axis", 1));

    /// <returns>The matrix of all numbers; nothing when there are none.</returns>
    private static List<string> Numbers(OnnxGraph graph, ModelSignature signature)
    {
        List<string> numbers = [];
        foreach (var (place, column) in signature.Columns.Index())
        {
            if (column.Kind == ColumnKind.Number) numbers.Add(column.Input);
            else if (column.Kind == ColumnKind.Boolean) numbers.Add(Boolean(graph, column.Input, place));
        }

        List<string> joined = [];
        if (numbers.Count > 0)
        {
            var raw = graph.Node("Concat", numbers, Inner + "raw-numbers", attributes: OnnxAttribute.Integer("axis", 1));
            var magnitude = graph.Node("Abs", [raw], Inner + "magnitude");
            var extreme = graph.Node("Greater", [magnitude, graph.Scalar(Inner + "greatest-magnitude", FeatureEncoding.GreatestMagnitude)], Inner + "extreme");
            var known = graph.Node("Where", [extreme, graph.Scalar(Inner + "missing", float.NaN), raw], Inner + "numbers");
            joined.Add(Imputed(graph, known, [.. signature.Columns.Where(c => c.Kind is ColumnKind.Number or ColumnKind.Boolean).Select(c => TypicalValue.ForMissing(c.Typical))]));
        }

        SignatureColumn[] dates = [.. signature.Columns.Where(c => c.Kind == ColumnKind.Date)];
        if (dates.Length == 0) return joined;
        var days = graph.Node("Concat", dates.Select(c => c.Input), Inner + "raw-dates", attributes: OnnxAttribute.Integer("axis", 1));
        joined.AddRange(DateFeatures.Write(graph, days, [.. dates.Select(c => TypicalValue.ForMissing(c.Typical))]));
        return [graph.Node("Concat", joined, Inner + "numbers-and-dates", attributes: OnnxAttribute.Integer("axis", 1))];
    }

    /// <summary>A matrix whose missing values are what stands for them, column by column; where all stay missing the matrix itself.</summary>
    internal static string Imputed(OnnxGraph graph, string numbers, IReadOnlyList<float> missing)
    {
        if (missing.All(float.IsNaN)) return numbers;
        var isMissing = graph.Node("IsNaN", [numbers], $"{numbers}-missing");
        return graph.Node("Where", [isMissing, graph.Matrix($"{numbers}-typical", 1, missing.Count, [.. missing]), numbers], $"{numbers}-imputed");
    }

    private static string Boolean(OnnxGraph graph, string input, int place) => graph.Node(
        "LabelEncoder", [input], $"{Inner}boolean-{place}", OnnxGraph.MachineLearning,
        OnnxAttribute.Texts("keys_strings", BooleanWords.All.Select(w => w.Text)),
        OnnxAttribute.Floats("values_floats", [.. BooleanWords.All.Select(w => w.Value)]),
        OnnxAttribute.Float("default_float", float.NaN));

    private static IEnumerable<string> Texts(OnnxGraph graph, ModelSignature signature)
    {
        foreach (var (place, column) in signature.Columns.Index())
        {
            if (column.Words is { Words.Count: > 0 } words) yield return TextNodes.Write(graph, column.Input, words, place);
        }
    }

    private static List<string> Categories(OnnxGraph graph, ModelSignature signature)
    {
        var features = new List<string>();
        foreach (var (place, column) in signature.Columns.Index())
        {
            if (column.Rates is not { } rates) continue;

            features.Add(LookedUp(graph, column.Input, $"{Inner}rate-{place}", rates.Known, rates.Rates, rates.Other));
        }

        foreach (var (place, column) in signature.Columns.Index())
        {
            if (column.Shares is { } shares) features.Add(LookedUp(graph, column.Input, $"{Inner}share-{place}", shares.Known, shares.Shares, shares.Other));
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

    /// <summary>An encoder of nothing is refused, so a column without a frequent category still names one: its value is that of all others.</summary>
    private static string LookedUp(OnnxGraph graph, string input, string to, IReadOnlyList<string> known, IReadOnlyList<float> values, float other) => graph.Node(
        "LabelEncoder", [input], to, OnnxGraph.MachineLearning,
        OnnxAttribute.Texts("keys_strings", known.DefaultIfEmpty("")),
        OnnxAttribute.Floats("values_floats", [.. values.DefaultIfEmpty(other)]),
        OnnxAttribute.Float("default_float", other));

    private static string Calibrated(OnnxGraph graph, string margin, Calibration calibration)
    {
        var scaled = graph.Node("Mul", [margin, graph.Scalar(Inner + "calibration-slope", calibration.Slope)], Inner + "scaled");
        var moved = graph.Node("Add", [scaled, graph.Scalar(Inner + "calibration-intercept", calibration.Intercept)], Inner + "moved");
        if (calibration.Bends.Count == 0) return moved;
        var count = calibration.Bends.Count;
        var past = graph.Node("Sub", [margin, graph.Matrix(Inner + "calibration-from", 1, count, [.. calibration.Bends.Select(b => b.From)])], Inner + "past");
        var bent = graph.Node(
            "MatMul",
            [graph.Node("Relu", [past], Inner + "past-or-not"), graph.Matrix(Inner + "calibration-bends", count, 1, [.. calibration.Bends.Select(b => b.Slope)])],
            Inner + "bent");
        return graph.Node("Add", [moved, bent], Inner + "calibrated");
    }
}
