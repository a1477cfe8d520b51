using Serverless.Platform.Deployment;

namespace Serverless.Platform.Scoring;

/// <summary>A model version in use; it is not unloaded before this is disposed.</summary>
public sealed class ModelLease(ModelSession session, Action release) : IDisposable
{
    private Action? release = release;

    public ModelSession Session { get; } = session;

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}

/// <summary>Keeps the model versions loaded that were used last, since loading one costs more than scoring a chunk with it.</summary>
public sealed class ModelSessions(ModelRegistry registry) : IDisposable
{
    /// <summary>How many unused versions are kept.</summary>
    private const int MostKept = 4;

    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <summary>Takes a version into use, loading it if need be.</summary>
    public async Task<ModelLease> LeaseAsync(string model, int version, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (gate)
        {
            entry = entries.Find(e => e.Model == model && e.Version == version) ?? new Entry(model, version);
            entries.Remove(entry);
            entries.Insert(0, entry);
            entry.Users++;
            entry.Loading ??= LoadAsync(model, version);
        }

        try
        {
            return new ModelLease(await entry.Loading.WaitAsync(cancellationToken), () => Release(entry));
        }
        catch
        {
            lock (gate)
            {
                if (entry.Loading is { IsFaulted: true } or { IsCanceled: true })
                {
                    // The next one tries anew.
                    entry.Loading = null;
                }
            }

            Release(entry);
            throw;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            entries.ForEach(e => e.Unload());
            entries.Clear();
        }
    }

    private void Release(Entry entry)
    {
        lock (gate)
        {
            entry.Users--;
            foreach (var unused in entries.Where(e => e.Users == 0).Skip(MostKept).ToList())
            {
                entries.Remove(unused);
                unused.Unload();
            }
        }
    }

    private async Task<ModelSession> LoadAsync(string model, int version)
    {
        var signature = await registry.ReadVersionFileAsync<ModelSignature>(model, version, ModelRegistry.SignatureFile, CancellationToken.None)
            ?? throw new InvalidDataException($"Version {version} of '{model}' has no {ModelRegistry.SignatureFile}.");
        var onnx = await registry.DownloadAsync(model, version, ModelRegistry.OnnxFile, CancellationToken.None);
        return new ModelSession(onnx, signature);
    }

    private sealed class Entry(string model, int version)
    {
        public string Model { get; } = model;

        public int Version { get; } = version;

        public int Users { get; set; }

        public Task<ModelSession>? Loading { get; set; }

        public void Unload()
        {
            if (Loading is { IsCompletedSuccessfully: true } loaded)
            {
                loaded.Result.Dispose();
            }
        }
    }
}
