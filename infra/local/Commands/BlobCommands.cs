using Azure;
using Azure.Storage.Blobs;
using Serverless.Local.Instances;

namespace Serverless.Local.Commands;

/// <summary>./dev drop and ./dev get: a file into, or out of, the storage of the running instance.</summary>
internal static class BlobCommands
{
    private const int ShownNeighbours = 10;

    public static async Task<int> DropAsync(Checkout checkout, string file, string target, CancellationToken cancellationToken)
    {
        var address = BlobAddress.Parse(target.EndsWith('/') ? target + Path.GetFileName(file) : target);
        if (!File.Exists(file))
            throw new CommandException($"{file} was not found. Expected a file to drop into {address.Container}.");
        var container = await OpenAsync(checkout, address, cancellationToken);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var blob = container.GetBlobClient(address.Path);
        await blob.UploadAsync(file, overwrite: true, cancellationToken);
        Console.WriteLine($"Dropped {file} ({new FileInfo(file).Length:N0} bytes) as {address}");
        return 0;
    }

    public static async Task<int> GetAsync(Checkout checkout, string source, string? file, CancellationToken cancellationToken)
    {
        var address = BlobAddress.Parse(source);
        var container = await OpenAsync(checkout, address, cancellationToken);
        var target = Path.GetFullPath(file ?? Path.GetFileName(address.Path));
        if (Directory.Exists(target))
            target = Path.Combine(target, Path.GetFileName(address.Path));
        var draft = target + ".part";
        try
        {
            await container.GetBlobClient(address.Path).DownloadToAsync(draft, cancellationToken);
            File.Move(draft, target, overwrite: true);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            throw new CommandException(await DescribeMissingAsync(container, address, cancellationToken));
        }
        catch (DirectoryNotFoundException)
        {
            throw new CommandException($"The folder of {target} was not found. Create it, or name another file.");
        }
        finally
        {
            File.Delete(draft);
        }
        Console.WriteLine($"Got {address} ({new FileInfo(target).Length:N0} bytes) as {target}");
        return 0;
    }

    private static async Task<BlobContainerClient> OpenAsync(Checkout checkout, BlobAddress address, CancellationToken cancellationToken)
    {
        var home = LocalFolders.ForUp(checkout).Home;
        var instance = await RunningInstance.FindAsync(home, cancellationToken)
            ?? throw new CommandException($"No instance is running ({home} describes none). Start one in another terminal: ./dev up");
        return new BlobContainerClient(instance.ConnectionString, address.Container);
    }

    private static async Task<string> DescribeMissingAsync(BlobContainerClient container, BlobAddress address, CancellationToken cancellationToken)
    {
        if (!await container.ExistsAsync(cancellationToken))
            return $"There is no container '{address.Container}', so {address} cannot be fetched.";
        List<string> names = [];
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            names.Add(blob.Name);
            if (names.Count > ShownNeighbours)
                break;
        }
        var there = names.Count == 0
            ? "The container is empty."
            : "There are: " + string.Join(", ", names.Take(ShownNeighbours)) + (names.Count > ShownNeighbours ? ", …" : "");
        return $"There is no blob '{address.Path}' in '{address.Container}'. {there}";
    }
}
