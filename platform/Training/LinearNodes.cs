using Serverless.Platform.Scoring;

namespace Serverless.Platform.Training;

/// <summary>The nodes of a graph that do what <see cref="LinearScaling"/> does, and weigh the result.</summary>
internal static class LinearNodes
{
    /// <param name="graph">The graph.</param>
    /// <param name="signature">Its columns' scales.</param>
    /// <param name="numbers">The matrix of all numbers; empty when there are none.</param>
    /// <param name="categories">The other features.</param>
    /// <param name="model">The weights.</param>
    /// <returns>The margins: [N, width].</returns>
    public static string Margin(
        OnnxGraph graph, ModelSignature signature, IReadOnlyList<string> numbers, IReadOnlyList<string> categories, LinearModel model)
    {
        NumberScale[] scales = [.. LearnerEncoding.ScalesOf(signature)];
        string[] scaled = numbers.Count == 0 ? [] : [.. Scaled(graph, numbers[0], scales)];
        var features = ModelGraph.Joined(graph, [.. scaled, .. categories], Inner("linear-features"));
        var weighed = graph.Node("MatMul", [features, graph.Matrix(Inner("weights"), model.Weights.Count / model.Width, model.Width, [.. model.Weights])], Inner("weighed"));
        var bias = model.Width == 1 ? graph.Scalar(Inner("bias"), model.Biases[0]) : graph.Matrix(Inner("bias"), 1, model.Width, [.. model.Biases]);
        return graph.Node("Add", [weighed, bias], Inner("linear-margin"));
    }

    private static IEnumerable<string> Scaled(OnnxGraph graph, string numbers, NumberScale[] scales)
    {
        var missing = graph.Node("IsNaN", [numbers], Inner("is-missing"));
        var centred = graph.Node("Sub", [numbers, graph.Matrix(Inner("means"), 1, scales.Length, [.. scales.Select(s => s.Mean)])], Inner("centred"));
        var standard = graph.Node("Div", [centred, graph.Matrix(Inner("deviations"), 1, scales.Length, [.. scales.Select(s => s.Deviation)])], Inner("standard"));
        var bounded = graph.Node(
            "Clip",
            [standard, graph.Scalar(Inner("least"), -LinearScaling.MostDeviations), graph.Scalar(Inner("most"), LinearScaling.MostDeviations)],
            Inner("bounded"));
        yield return graph.Node("Where", [missing, graph.Scalar(Inner("nothing"), 0), bounded], Inner("standardised"));

        long[] indicated = [.. scales.Index().Where(s => s.Item.HasMissing).Select(s => (long)s.Index)];
        if (indicated.Length == 0) yield break;
        var all = graph.Node("Cast", [missing], Inner("indicators"), attributes: OnnxAttribute.Integer("to", 1));
        yield return graph.Node("Gather", [all, graph.Vector(Inner("indicated"), indicated)], Inner("indicated-columns"), attributes: OnnxAttribute.Integer("axis", 1));
    }

    private static string Inner(string name) => ModelGraph.Inner + name;
}
