using System.Collections;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Context.Features;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>The features of one invocation, by type.</summary>
internal sealed class FeatureCollection : IInvocationFeatures
{
    private readonly Dictionary<Type, object> _features = [];

    public static FeatureCollection Of(Invocation invocation)
    {
        var features = new FeatureCollection();
        features.Set(invocation);
        features.Set<IFunctionInputBindingFeature>(invocation);
        return features;
    }

    public void Set<T>(T? instance)
    {
        if (instance is null)
            _features.Remove(typeof(T));
        else
            _features[typeof(T)] = instance;
    }

    public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
