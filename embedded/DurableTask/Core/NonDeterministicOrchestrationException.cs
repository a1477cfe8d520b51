namespace DurableTask.Core.Exceptions;

/// <summary>An orchestrator's code does not repeat what its history says that it did.</summary>
public class NonDeterministicOrchestrationException(string message) : Exception(message);
