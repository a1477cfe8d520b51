using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions
{
    /// <summary>Binds what a method returns, or one property of it, to something written when the function has succeeded.</summary>
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
    public abstract class OutputBindingAttribute : BindingAttribute
    {
        public OutputBindingAttribute()
        {
        }
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Runs the function for each new or changed blob of a path such as <c>container/{name}</c>.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class BlobTriggerAttribute(string blobPath) : TriggerBindingAttribute
    {
        public string BlobPath { get; } = blobPath;

        /// <summary>The app setting that holds the connection string; <c>AzureWebJobsStorage</c> unless set.</summary>
        public string? Connection { get; set; }

        /// <summary>How new blobs are noticed. This host scans; it has no Event Grid, and refuses a function that asks for it.</summary>
        public BlobTriggerSource Source { get; set; } = BlobTriggerSource.LogsAndContainerScan;
    }

    public enum BlobTriggerSource
    {
        LogsAndContainerScan,
        EventGrid,
    }

    /// <summary>
    /// Gives the function a blob, or with the path of a container or folder all blobs below it. The path may hold <c>{expressions}</c> over the trigger's metadata.
    /// </summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class BlobInputAttribute(string blobPath) : InputBindingAttribute
    {
        public string BlobPath { get; } = blobPath;

        /// <summary>The app setting that holds the connection string; <c>AzureWebJobsStorage</c> unless set.</summary>
        public string? Connection { get; set; }
    }

    /// <summary>
    /// Writes a blob, over one of the same name: text and bytes as they are, anything else as JSON, null not at all.
    /// The path may hold <c>{expressions}</c> over the trigger's metadata.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
    public sealed class BlobOutputAttribute(string blobPath) : OutputBindingAttribute
    {
        public string BlobPath { get; } = blobPath;

        /// <summary>The app setting that holds the connection string; <c>AzureWebJobsStorage</c> unless set.</summary>
        public string? Connection { get; set; }
    }

    /// <summary>Runs the function for each message of a queue.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
    {
        public string QueueName { get; } = queueName;

        /// <summary>The app setting that holds the connection string; <c>AzureWebJobsStorage</c> unless set.</summary>
        public string? Connection { get; set; }
    }

    /// <summary>
    /// Sends to a queue: one message for text, bytes or an object, one for each element of a collection, none for null.
    /// The name may hold <c>{expressions}</c> over the trigger's metadata.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
    public sealed class QueueOutputAttribute(string queueName) : OutputBindingAttribute
    {
        public string QueueName { get; } = queueName;

        /// <summary>The app setting that holds the connection string; <c>AzureWebJobsStorage</c> unless set.</summary>
        public string? Connection { get; set; }
    }
}
