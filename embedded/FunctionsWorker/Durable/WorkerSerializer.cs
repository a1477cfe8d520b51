using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The worker's serializer, for messages and blobs as for the inputs and results of orchestrations and activities.</summary>
internal sealed class WorkerSerializer(ObjectSerializer serializer) : DataConverter
{
    public override string? Serialize(object? value) =>
        value is null ? null : serializer.Serialize(value, value.GetType(), CancellationToken.None).ToString();

    public override object? Deserialize(string? data, Type targetType)
    {
        if (data is null)
            return null;
        using var stream = BinaryData.FromString(data).ToStream();
        return serializer.Deserialize(stream, targetType, CancellationToken.None);
    }

    /// <exception cref="FunctionInputConverterException">The content is not what the type is read from.</exception>
    public object? Read(BinaryData content, Type type, string what, string function)
    {
        try
        {
            using var stream = content.ToStream();
            return serializer.Deserialize(stream, type, CancellationToken.None);
        }
        catch (Exception wrong) when (wrong is System.Text.Json.JsonException or NotSupportedException or FormatException)
        {
            throw new FunctionInputConverterException(
                $"The {what} could not be read as {type.Name}, which the function '{function}' expects: {wrong.Message}", wrong);
        }
    }
}
