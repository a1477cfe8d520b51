namespace Serverless.Embedded.Testing;

/// <summary>An app under test could not be started, or was asked for something that it does not have.</summary>
public sealed class TestAppException(string message, Exception? innerException = null) : Exception(message, innerException);
