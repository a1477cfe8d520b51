using System.Text.Json;

namespace Serverless.Local.Instances;

/// <summary>The instance that runs on this machine, as instance.json describes it to the other commands.</summary>
public sealed record RunningInstance
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What started it: "up" or "demo".</summary>
    public required string Command { get; init; }
    public required ProcessIdentity Process { get; init; }
    public required Uri AppUrl { get; init; }
    public required Uri BlobUrl { get; init; }
    public required Uri QueueUrl { get; init; }
    public required Uri TableUrl { get; init; }
    public required string ConnectionString { get; init; }
    public required string LogFolder { get; init; }

    /// <summary>The instance that runs now, or null: one whose process is gone counts as none.</summary>
    /// <param name="home">See <see cref="LocalFolders.Home"/>.</param>
    public static async Task<RunningInstance?> FindAsync(string home, CancellationToken cancellationToken)
    {
        try
        {
            using var file = File.OpenRead(PathIn(home));
            var instance = await JsonSerializer.DeserializeAsync<RunningInstance>(file, Json, cancellationToken).ConfigureAwait(false);
            return instance is { Process.IsAlive: true } ? instance : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new CommandException($"{PathIn(home)} is not readable as a description of a running instance ({exception.Message}). Delete it.");
        }
    }

    /// <summary>Writes instance.json, readable by its owner only, whole or not at all.</summary>
    public async Task PublishAsync(string home, CancellationToken cancellationToken)
    {
        var draft = PathIn(home) + $".{Process.Id}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(draft, options))
            await JsonSerializer.SerializeAsync(file, this, Json, cancellationToken).ConfigureAwait(false);
        File.Move(draft, PathIn(home), overwrite: true);
    }

    public static void Withdraw(string home) => File.Delete(PathIn(home));

    private static string PathIn(string home) => Path.Combine(home, "instance.json");
}
