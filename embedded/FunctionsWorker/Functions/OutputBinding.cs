namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>One thing that a function writes when it has succeeded.</summary>
/// <param name="Name"><see cref="FunctionOutputs.Return"/>, or the property of what the method returns that holds the value.</param>
/// <param name="Type">The binding's type as in function.json.</param>
internal abstract record OutputBinding(string Name, string Type);

/// <summary>The answer to a request; whoever serves the request writes it.</summary>
internal sealed record HttpOutput(string Name) : OutputBinding(Name, "http");

/// <param name="Name">The binding's name.</param>
/// <param name="Path">A container, a slash and a blob's name.</param>
/// <param name="Connection">The app setting of the connection string; null for the host's own account.</param>
internal sealed record BlobOutput(string Name, BindingTemplate Path, string? Connection) : OutputBinding(Name, "blob");

/// <param name="Name">The binding's name.</param>
/// <param name="Queue">The queue's name.</param>
/// <param name="Connection">The app setting of the connection string; null for the host's own account.</param>
internal sealed record QueueOutput(string Name, BindingTemplate Queue, string? Connection) : OutputBinding(Name, "queue");
