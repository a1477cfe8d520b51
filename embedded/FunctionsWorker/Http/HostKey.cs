using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>What a key opens.</summary>
internal enum KeyScope
{
    /// <summary>All functions.</summary>
    Host,

    /// <summary>One function.</summary>
    Function,

    /// <summary>One of the host's own extensions, by the key's name.</summary>
    System,

    /// <summary>Everything.</summary>
    Master,
}

/// <summary>Where a key stands: its scope, the function where it opens but one, its name.</summary>
internal sealed record KeyName(KeyScope Scope, string? Function, string Name)
{
    public static KeyName Master { get; } = new(KeyScope.Master, null, "_master");

    public bool Is(KeyName other) => Scope == other.Scope && string.Equals(Function, other.Function, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A key as it is kept: the HMAC-SHA-256 of its value under the store's salt. The value itself is known to whoever was shown it once.</summary>
internal sealed record HostKey(KeyName Name, byte[] Digest)
{
    private const int Bytes = 40;

    /// <summary>A new value: 320 bits of chance, safe in an address.</summary>
    public static string NewValue() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] DigestOf(byte[] salt, string value) => HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(value));
}
