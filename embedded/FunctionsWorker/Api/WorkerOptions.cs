using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Options of the worker.</summary>
public class WorkerOptions
{
    /// <summary>
    /// Reads and writes the payloads of messages, activities and orchestrations.
    /// Default: JSON by the configured <see cref="System.Text.Json.JsonSerializerOptions"/>, property names in any casing when read.
    /// </summary>
    public ObjectSerializer? Serializer { get; set; }
}
