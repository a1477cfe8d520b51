namespace Serverless.Embedded.Processes;

/// <summary>A local process ended, or did not answer in time; the message holds the end of its log.</summary>
public sealed class LocalProcessException(string message) : Exception(message);
