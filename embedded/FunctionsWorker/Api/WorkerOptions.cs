using System.Collections;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker.Converters;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Options of the worker.</summary>
public class WorkerOptions
{
    /// <summary>
    /// Reads and writes the payloads of messages, activities and orchestrations.
    /// Default: JSON by the configured <see cref="System.Text.Json.JsonSerializerOptions"/>, property names in any casing when read.
    /// </summary>
    public ObjectSerializer? Serializer { get; set; }

    /// <summary>The converters asked for a parameter's value, in order. The host's own stand as one among them.</summary>
    public InputConverterCollection InputConverters { get; } = new();

    /// <summary>What a worker tells the host that it can do. This host is the worker, and goes by none of them.</summary>
    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>
    {
        ["HandlesWorkerTerminateMessage"] = bool.TrueString,
        ["HandlesInvocationCancelMessage"] = bool.TrueString,
        [nameof(IncludeEmptyEntriesInMessagePayload)] = bool.TrueString,
        ["EnableUserCodeException"] = bool.TrueString,
    };

    /// <summary>Whether failures are reported as the function threw them. This host always does.</summary>
    [Obsolete("This is now the default behavior. This property may be unavailable in future releases.", false)]
    public bool EnableUserCodeException
    {
        get => IsCapable(nameof(EnableUserCodeException));
        set => SetCapable(nameof(EnableUserCodeException), value);
    }

    /// <summary>Whether a batch holds its empty messages. The triggers of this host have no batches.</summary>
    public bool IncludeEmptyEntriesInMessagePayload
    {
        get => IsCapable(nameof(IncludeEmptyEntriesInMessagePayload));
        set => SetCapable(nameof(IncludeEmptyEntriesInMessagePayload), value);
    }

    private bool IsCapable(string name) => Capabilities.TryGetValue(name, out var text) && bool.TryParse(text, out var capable) && capable;

    private void SetCapable(string name, bool capable)
    {
        if (capable)
            Capabilities[name] = bool.TrueString;
        else
            Capabilities.Remove(name);
    }
}

/// <summary>The types of input converters, in the order in which they are asked.</summary>
public sealed class InputConverterCollection : IEnumerable<Type>
{
    private readonly List<Type> _types = [typeof(HostConversions)];

    public void Register<T>()
        where T : IInputConverter => _types.Add(typeof(T));

    /// <summary>Registers the type at that place; 0 is before the host's own conversions.</summary>
    public void RegisterAt<T>(int index)
        where T : IInputConverter =>
        // The genuine worker has several conversions where this host's are one.
        _types.Insert(Math.Min(index, _types.Count), typeof(T));

    /// <summary>Removes all, the host's own conversions too.</summary>
    public void Clear() => _types.Clear();

    public IEnumerator<Type> GetEnumerator() => _types.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
