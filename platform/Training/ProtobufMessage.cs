using Google.Protobuf;

namespace Serverless.Platform.Training;

/// <summary>A protobuf message being written field by field. An inner message is written whole before it is put into the outer one.</summary>
internal sealed class ProtobufMessage
{
    private readonly MemoryStream bytes = new();
    private readonly CodedOutputStream output;

    public ProtobufMessage() => output = new CodedOutputStream(bytes);

    public ProtobufMessage Integer(int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
        return this;
    }

    public ProtobufMessage Float(int field, float value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
        return this;
    }

    public ProtobufMessage Text(int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
        return this;
    }

    public ProtobufMessage Texts(int field, IEnumerable<string> values)
    {
        foreach (var value in values) Text(field, value);
        return this;
    }

    /// <summary>Packed, as every protobuf parser reads it.</summary>
    public ProtobufMessage Integers(int field, IReadOnlyCollection<long> values)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Sum(CodedOutputStream.ComputeInt64Size));
        foreach (var value in values) output.WriteInt64(value);
        return this;
    }

    /// <inheritdoc cref="Integers"/>
    public ProtobufMessage Floats(int field, IReadOnlyCollection<float> values)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Count * sizeof(float));
        foreach (var value in values) output.WriteFloat(value);
        return this;
    }

    public ProtobufMessage Message(int field, ProtobufMessage inner)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(inner.ToArray()));
        return this;
    }

    public byte[] ToArray()
    {
        output.Flush();
        return bytes.ToArray();
    }
}
