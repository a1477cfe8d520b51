using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Serverless.Embedded.FunctionsWorker.Http;

internal static class WorkerSerialization
{
    /// <summary>The serializer configured for the worker.</summary>
    /// <exception cref="InvalidOperationException">There is none, as in a test's context whose services were not set up.</exception>
    public static ObjectSerializer WorkerSerializer(this FunctionContext context) =>
        context.InstanceServices.GetService<IOptions<WorkerOptions>>()?.Value.Serializer
        ?? throw new InvalidOperationException("No serializer is configured for the worker: its WorkerOptions.Serializer is null, or its options are not among the services.");
}
