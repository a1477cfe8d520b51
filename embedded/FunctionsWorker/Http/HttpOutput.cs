using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Takes the answer out of what an HTTP function returned.</summary>
internal static class HttpOutput
{
    private static readonly ConcurrentDictionary<Type, Func<object, object?>> Readers = new();

    /// <summary>
    /// Of a type with several outputs, the property that is the answer: one marked <c>[HttpResult]</c> or of type <see cref="HttpResponseData"/>;
    /// of any other type, the value itself.
    /// </summary>
    public static object? Of(object? result) => result is null or HttpResponseData ? result : Readers.GetOrAdd(result.GetType(), ReaderOf)(result);

    private static Func<object, object?> ReaderOf(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var answer = properties.FirstOrDefault(property => property.GetCustomAttribute<HttpResultAttribute>() is not null)
            ?? properties.FirstOrDefault(property => typeof(HttpResponseData).IsAssignableFrom(property.PropertyType));
        if (answer is not null)
            return answer.GetValue;
        return properties.Any(property => property.GetCustomAttribute<OutputBindingAttribute>() is not null) ? _ => null : result => result;
    }
}
