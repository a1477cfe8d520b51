namespace Serverless.Platform.Training;

/// <summary>
/// An ONNX model being written. Field numbers and enum values are those of ONNX's <c>onnx.proto</c>, IR version 8;
/// operators are of the versions imported here.
/// </summary>
internal sealed class OnnxGraph(string name)
{
    public const string MachineLearning = "ai.onnx.ml";

    /// <summary>ONNX Runtime's own operators.</summary>
    public const string Contributed = "com.microsoft";

    private const long IrVersion = 8;
    private const long OperatorSet = 17;
    private const long MachineLearningOperatorSet = 3;

    private const int FloatElements = 1;
    private const int Int64Elements = 7;
    private const int StringElements = 8;

    private readonly List<ProtobufMessage> nodes = [];
    private bool hasContributed;
    private readonly List<ProtobufMessage> initializers = [];
    private readonly List<ProtobufMessage> inputs = [];
    private readonly List<ProtobufMessage> outputs = [];

    /// <summary>An input of shape [N, 1].</summary>
    public void FloatInput(string input) => inputs.Add(Column(input, FloatElements));

    /// <inheritdoc cref="FloatInput"/>
    public void StringInput(string input) => inputs.Add(Column(input, StringElements));

    /// <summary>An output of shape [N, <paramref name="width"/>].</summary>
    public void FloatOutput(string output, int width) => outputs.Add(Column(output, FloatElements, width));

    /// <summary>A constant without dimensions.</summary>
    public string Scalar(string constant, float value)
    {
        initializers.Add(new ProtobufMessage().Integer(2, FloatElements).Floats(4, [value]).Text(8, constant));
        return constant;
    }

    /// <summary>A constant of one dimension.</summary>
    public string Vector(string constant, params long[] values)
    {
        initializers.Add(new ProtobufMessage().Integers(1, [values.Length]).Integer(2, Int64Elements).Integers(7, values).Text(8, constant));
        return constant;
    }

    /// <summary>A constant of shape [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    public string Matrix(string constant, int rows, int columns, IReadOnlyCollection<float> values)
    {
        initializers.Add(new ProtobufMessage().Integers(1, [rows, columns]).Integer(2, FloatElements).Floats(4, values).Text(8, constant));
        return constant;
    }

    /// <summary>A node with one output, which it is named for.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string operation, IEnumerable<string> from, string to, string domain = "", params OnnxAttribute[] attributes)
    {
        var node = new ProtobufMessage().Texts(1, from).Text(2, to).Text(3, to).Text(4, operation);
        foreach (var attribute in attributes) node.Message(5, attribute.Message);
        nodes.Add(node.Text(7, domain));
        hasContributed |= domain == Contributed;
        return to;
    }

    /// <param name="metadata">Written as the model's metadata properties.</param>
    public byte[] ToModel(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var graph = new ProtobufMessage();
        nodes.ForEach(n => graph.Message(1, n));
        graph.Text(2, name);
        initializers.ForEach(i => graph.Message(5, i));
        inputs.ForEach(i => graph.Message(11, i));
        outputs.ForEach(o => graph.Message(12, o));

        var model = new ProtobufMessage().Integer(1, IrVersion).Text(2, "Serverless").Message(7, graph)
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet))
            .Message(8, new ProtobufMessage().Text(1, MachineLearning).Integer(2, MachineLearningOperatorSet));
        if (hasContributed) model.Message(8, new ProtobufMessage().Text(1, Contributed).Integer(2, 1));
        foreach (var (key, value) in metadata) model.Message(14, new ProtobufMessage().Text(1, key).Text(2, value));
        return model.ToArray();
    }

    private static ProtobufMessage Column(string column, int elements, int width = 1)
    {
        var shape = new ProtobufMessage()
            .Message(1, new ProtobufMessage().Text(2, "N"))
            .Message(1, new ProtobufMessage().Integer(1, width));
        var tensor = new ProtobufMessage().Integer(1, elements).Message(2, shape);
        return new ProtobufMessage().Text(1, column).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}

/// <summary>A node's attribute, as an <c>AttributeProto</c>.</summary>
internal sealed class OnnxAttribute
{
    private OnnxAttribute(ProtobufMessage message) => Message = message;

    public ProtobufMessage Message { get; }

    public static OnnxAttribute Integer(string name, long value) => new(Start(name, 2).Integer(3, value));

    public static OnnxAttribute Float(string name, float value) => new(Start(name, 1).Float(2, value));

    public static OnnxAttribute Text(string name, string value) => new(Start(name, 3).Text(4, value));

    public static OnnxAttribute Floats(string name, IReadOnlyCollection<float> values) => new(Start(name, 6).Floats(7, values));

    public static OnnxAttribute Integers(string name, IReadOnlyCollection<long> values) => new(Start(name, 7).Integers(8, values));

    public static OnnxAttribute Texts(string name, IEnumerable<string> values) => new(Start(name, 8).Texts(9, values));

    private static ProtobufMessage Start(string name, long type) => new ProtobufMessage().Text(1, name).Integer(20, type);
}
