namespace Serverless.Tests.Chaos.Storage;

/// <summary>How a request to a storage account can fail.</summary>
public enum StorageFault
{
    None,

    /// <summary>500 InternalError; the request did not reach the account.</summary>
    InternalError,

    /// <summary>503 ServerBusy; the request did not reach the account.</summary>
    ServerBusy,

    /// <summary>The connection is closed at once; the request did not reach the account.</summary>
    Reset,

    /// <summary>Nothing happens for a while, then the connection is closed; the request did not reach the account.</summary>
    Timeout,

    /// <summary>The account carried the request out; its answer never arrives.</summary>
    AnswerLost,

    /// <summary>The account carried the request out; of the answer's body the first half arrives.</summary>
    AnswerCut,
}

/// <summary>A request as the proxy sees it.</summary>
/// <param name="Method">GET, PUT, …</param>
/// <param name="Path">As sent, the account first: "/devstoreaccount1/orders/messages/…".</param>
/// <param name="Query">As sent, with its question mark; empty for none.</param>
public sealed record StorageRequest(string Method, string Path, string Query);

/// <summary>A request that was made to fail.</summary>
public sealed record FailedRequest(StorageRequest Request, StorageFault Fault);
