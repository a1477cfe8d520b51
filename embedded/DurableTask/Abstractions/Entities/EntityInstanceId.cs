using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.DurableTask.Entities;

/// <summary>Which entity: the name of its kind, in lower case whatever was given, and the key of the one. Written <c>@name@key</c>.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct EntityInstanceId
{
    /// <exception cref="ArgumentException">The name is empty or has an '@', or the key is null.</exception>
    public EntityInstanceId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(key);
        if (name.Contains('@', StringComparison.Ordinal))
            throw new ArgumentException($"The entity name '{name}' has an '@', which separates name and key. Leave it out.", nameof(name));
        Name = name.ToLowerInvariant();
        Key = key;
    }

    public string Name { get; }

    /// <summary>May be empty.</summary>
    public string Key { get; }

    /// <summary>Reads <c>@name@key</c>.</summary>
    /// <exception cref="ArgumentException">The text is not of that form.</exception>
    public static EntityInstanceId FromString(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var separator = instanceId.IndexOf('@', 1);
        return separator > 0 && instanceId[0] == '@'
            ? new EntityInstanceId(instanceId[1..separator], instanceId[(separator + 1)..])
            : throw new ArgumentException($"'{instanceId}' is not the id of an entity; expected @name@key.", nameof(instanceId));
    }

    public override string ToString() => $"@{Name}@{Key}";

    private sealed class Converter : JsonConverter<EntityInstanceId>
    {
        public override EntityInstanceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            FromString(reader.GetString() ?? string.Empty);

        public override void Write(Utf8JsonWriter writer, EntityInstanceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
