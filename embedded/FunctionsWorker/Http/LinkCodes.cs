using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>
/// The codes in the links that the host gives out, where keys are asked for. The genuine host puts its system key there; here that key is known by its hash alone. A code is made
/// from a secret of the state directory and from what is kept of the keys, so that it ends with the key in whose place it stands.
/// </summary>
internal sealed class LinkCodes
{
    private const int SecretBytes = 32;

    private readonly byte[] _secret;

    private LinkCodes(byte[] secret) => _secret = secret;

    /// <summary>With the secret of that folder, which is made when there is none; only its owner can read it.</summary>
    /// <exception cref="InvalidDataException">The file does not hold a secret.</exception>
    public static LinkCodes Open(string directory)
    {
        var path = Path.Combine(directory, "link-secret");
        if (!File.Exists(path))
            OwnerFile.Write(path, RandomNumberGenerator.GetBytes(SecretBytes));
        var secret = File.ReadAllBytes(path);
        return secret.Length == SecretBytes
            ? new LinkCodes(secret)
            : throw new InvalidDataException(
                $"The file {path} has {secret.Length} bytes; expected a secret of {SecretBytes}. Restore it, or delete it to have another made: links given out before then open nothing.");
    }

    /// <param name="systemKey">The name of the system key in whose place the code stands.</param>
    /// <param name="digests">What is kept of that key and of a key given by settings; empty for one that is not there.</param>
    public string CodeOf(string systemKey, params ReadOnlySpan<byte[]> digests)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        mac.AppendData(Encoding.UTF8.GetBytes(systemKey));
        foreach (var digest in digests)
        {
            mac.AppendData([(byte)digest.Length]);
            mac.AppendData(digest);
        }

        return Base64Url.EncodeToString(mac.GetHashAndReset());
    }
}
