namespace DurableTask.Core.Exceptions;

/// <summary>An orchestration was to be started under an id that another one has.</summary>
public class OrchestrationAlreadyExistsException(string message) : Exception(message);
