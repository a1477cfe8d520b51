using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>The app's keys, hashed, in a file of the state directory that only its owner can read.</summary>
internal sealed class KeyStore
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true };

    private readonly string _directory;
    private readonly byte[] _salt;
    private readonly Lock _lock = new();
    private ImmutableArray<HostKey> _keys;

    private KeyStore(string directory, byte[] salt, ImmutableArray<HostKey> keys)
    {
        _directory = directory;
        _salt = salt;
        _keys = keys;
    }

    /// <summary>Where the values of the keys that the host made for itself are written, once.</summary>
    public string FirstValuesPath => Path.Combine(_directory, "first-keys.json");

    public ImmutableArray<HostKey> Keys => _keys;

    /// <exception cref="InvalidDataException">The file is not one of keys.</exception>
    public static KeyStore Open(string directory)
    {
        var path = PathOf(directory);
        if (!File.Exists(path))
            return new KeyStore(directory, RandomNumberGenerator.GetBytes(32), []);
        try
        {
            var kept = JsonSerializer.Deserialize<KeyFile>(File.ReadAllBytes(path), Form) ?? throw new JsonException("It is null.");
            return new KeyStore(directory, kept.Salt, [.. kept.Keys.Select(key => new HostKey(new KeyName(key.Scope, key.Function, key.Name), key.Digest))]);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"The file of keys {path} cannot be read: {broken.Message} Restore it, or delete it to have new keys made.", broken);
        }
    }

    /// <summary>The key of that value; null when there is none.</summary>
    public KeyName? Find(string value, Func<KeyName, bool> fits)
    {
        var digest = HostKey.DigestOf(_salt, value);
        KeyName? found = null;
        // All are compared, so that the time taken tells nothing of which.
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Digest, digest) && fits(key.Name))
                found = key.Name;
        }

        return found;
    }

    /// <summary>What is kept of the key; empty when there is none.</summary>
    public byte[] DigestOf(KeyName name) => _keys.FirstOrDefault(key => key.Name.Is(name))?.Digest ?? [];

    /// <summary>Adds or replaces a key.</summary>
    /// <returns>Whether it was added.</returns>
    public bool Put(KeyName name, string value)
    {
        lock (_lock)
        {
            var others = _keys.RemoveAll(key => key.Name.Is(name));
            var added = others.Length == _keys.Length;
            Save(others.Add(new HostKey(name, HostKey.DigestOf(_salt, value))));
            return added;
        }
    }

    /// <returns>Whether there was such a key.</returns>
    public bool Remove(KeyName name)
    {
        lock (_lock)
        {
            var others = _keys.RemoveAll(key => key.Name.Is(name));
            if (others.Length == _keys.Length)
                return false;
            Save(others);
            return true;
        }
    }

    /// <summary>Makes those keys that are missing, and writes their values where the operator finds them.</summary>
    /// <returns>How many were made.</returns>
    public int MakeMissing(IEnumerable<KeyName> wanted)
    {
        var values = wanted.Where(name => !_keys.Any(key => key.Name.Is(name))).ToDictionary(name => name, _ => HostKey.NewValue());
        if (values.Count == 0)
            return 0;
        // The values first: a key that nobody knows opens nothing.
        OwnerFile.Write(FirstValuesPath, JsonSerializer.SerializeToUtf8Bytes(values.Select(entry => new { scope = entry.Key.Scope.ToString(), name = entry.Key.Name, value = entry.Value }), Form));
        foreach (var (name, value) in values)
            Put(name, value);
        return values.Count;
    }

    private void Save(ImmutableArray<HostKey> keys)
    {
        OwnerFile.Write(PathOf(_directory), JsonSerializer.SerializeToUtf8Bytes(
            new KeyFile(_salt, [.. keys.Select(key => new KeptKey(key.Name.Scope, key.Name.Function, key.Name.Name, key.Digest))]), Form));
        _keys = keys;
    }

    private static string PathOf(string directory) => Path.Combine(directory, "keys.json");

    private sealed record KeyFile(byte[] Salt, IReadOnlyList<KeptKey> Keys);

    private sealed record KeptKey(KeyScope Scope, string? Function, string Name, byte[] Digest);
}
