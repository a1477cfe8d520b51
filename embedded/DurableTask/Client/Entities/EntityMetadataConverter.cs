using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.DurableTask.Client.Entities;

/// <summary>Writes metadata as JSON: a state that was not fetched, a lock and a backlog that there are not, are left out.</summary>
internal sealed class EntityMetadataConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert == typeof(EntityMetadata) || (typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(EntityMetadata<>));

    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var state = typeToConvert == typeof(EntityMetadata) ? typeof(SerializedData) : typeToConvert.GetGenericArguments()[0];
        return (JsonConverter?)Activator.CreateInstance(typeof(Writer<,>).MakeGenericType(typeToConvert, state));
    }

    private sealed class Writer<TMetadata, TState> : JsonConverter<TMetadata>
        where TMetadata : EntityMetadata<TState>
    {
        public override TMetadata? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Entity metadata can be written as JSON, not read from it.");

        public override void Write(Utf8JsonWriter writer, TMetadata value, JsonSerializerOptions options)
        {
            string Name(string member) => options.PropertyNamingPolicy?.ConvertName(member) ?? member;

            writer.WriteStartObject();
            writer.WriteString(Name(nameof(value.Id)), value.Id.ToString());
            writer.WriteString(Name(nameof(value.LastModifiedTime)), value.LastModifiedTime);
            if (value.BacklogQueueSize > 0)
                writer.WriteNumber(Name(nameof(value.BacklogQueueSize)), value.BacklogQueueSize);
            if (value.LockedBy is { } lockedBy)
                writer.WriteString(Name(nameof(value.LockedBy)), lockedBy);
            if (value.IncludesState)
            {
                writer.WritePropertyName(Name(nameof(value.State)));
                if (value.State is SerializedData serialized)
                    writer.WriteStringValue(serialized.Value);
                else
                    JsonSerializer.Serialize(writer, value.State, options);
            }

            writer.WriteEndObject();
        }
    }
}
