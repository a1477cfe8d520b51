namespace Serverless.Embedded.DurableTask;

/// <summary>Which instances code of one version runs.</summary>
public enum VersionMatchStrategy
{
    /// <summary>All; versions are not looked at.</summary>
    None,

    /// <summary>Those of exactly its own version.</summary>
    Strict,

    /// <summary>Those of its own version or an older one.</summary>
    CurrentOrOlder,
}

/// <summary>What becomes of an instance whose version the code does not run.</summary>
public enum VersionFailureStrategy
{
    /// <summary>It stays as it is until the hub is opened by code that runs it.</summary>
    Reject,

    /// <summary>It fails, with the error type <c>VersionMismatch</c>.</summary>
    Fail,
}
