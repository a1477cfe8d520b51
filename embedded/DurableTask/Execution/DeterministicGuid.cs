using System.Security.Cryptography;
using System.Text;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>Name-based identifiers, version 5 of RFC 9562 (SHA-1): the same name always gives the same identifier.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] Namespace = Guid.Parse("6f5a2d1c-7b44-4c58-9b0e-2a6f9a1d3e77").ToByteArray(bigEndian: true);

    public static Guid Create(string name)
    {
#pragma warning disable CA5350 // Version 5 is defined by SHA-1; nothing is protected by it.
        var hash = SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
