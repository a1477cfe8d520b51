namespace Serverless.Platform.Datasets;

/// <summary>DuckDB could not do what it was asked: a fault, of the platform or of its machine, never of a user's file.</summary>
public sealed class DuckDbException(string message) : Exception(message);
