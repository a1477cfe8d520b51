using System.Globalization;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Queues;

/// <summary>What a queue-triggered function's parameters are made from.</summary>
internal static class QueueBindings
{
    public const string Expected = "string, byte[], BinaryData, QueueMessage, or a type that can be read from JSON";

    public static readonly IReadOnlyList<string> DataNames =
        ["QueueTrigger", "Id", "PopReceipt", "DequeueCount", "InsertionTime", "ExpirationTime", "NextVisibleTime"];

    public static ParameterBinding? For(Type type)
    {
        if (type == typeof(QueueMessage))
            return invocation => new((QueueMessage)invocation.Payload);
        if (type == typeof(BinaryData))
            return invocation => new(Body(invocation.Payload));
        if (type == typeof(string))
            return invocation => new(Body(invocation.Payload).ToString());
        if (type == typeof(byte[]))
            return invocation => new(Body(invocation.Payload).ToArray());
        if (type.IsInterface || type.IsPointer || typeof(Delegate).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type))
            return null;
        return invocation => new(invocation.Serializer.Read(Body(invocation.Payload), type, "message", invocation.Function.Name));
    }

    /// <summary>Whether values of the type are made from the whole message, and not from its text.</summary>
    public static bool IsStorageType(Type type) => type == typeof(QueueMessage) || type == typeof(BinaryData);

    /// <summary>The message's metadata, and over it the properties of its body where that is a JSON object.</summary>
    /// <param name="message">As received.</param>
    /// <param name="body">Its body, decoded.</param>
    /// <param name="type">The type of the trigger's parameter; the whole message and bytes are not looked into.</param>
    public static Dictionary<string, object?> DataOf(QueueMessage message, BinaryData body, Type type)
    {
        var text = body.ToString();
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["QueueTrigger"] = text,
            ["Id"] = message.MessageId,
            ["PopReceipt"] = message.PopReceipt,
            ["DequeueCount"] = message.DequeueCount.ToString(CultureInfo.InvariantCulture),
            ["InsertionTime"] = JsonSerializer.Serialize(message.InsertedOn),
            ["ExpirationTime"] = JsonSerializer.Serialize(message.ExpiresOn),
            ["NextVisibleTime"] = JsonSerializer.Serialize(message.NextVisibleOn),
        };
        if (HasJsonData(type))
            JsonText.AddProperties(text, data);
        return data;
    }

    /// <summary>Whether the properties of the message's JSON are metadata too.</summary>
    public static bool HasJsonData(Type type) => !IsStorageType(type) && type != typeof(byte[]);

    private static BinaryData Body(object payload) => ((QueueMessage)payload).Body;
}
