using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Counts the requests that the host sends to storage, repeated tries among them: each is paid for, and an idle host makes them too.</summary>
/// <param name="service">The tag of the count: blob or queue.</param>
internal sealed class StorageOperations(string service) : HttpPipelineSynchronousPolicy
{
    public const string MeterName = "Serverless.Embedded.Storage";
    public const string CounterName = "storage.operations";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Counter = Meter.CreateCounter<long>(CounterName, "{operation}", "Requests sent to storage by triggers and bindings.");

    public override void OnSendingRequest(HttpMessage message) => Counter.Add(1, new KeyValuePair<string, object?>("service", service));
}
