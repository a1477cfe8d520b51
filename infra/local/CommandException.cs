namespace Serverless.Local;

/// <summary>A command cannot go on; the message is for the person who typed it and says what to do.</summary>
public sealed class CommandException(string message) : Exception(message);
