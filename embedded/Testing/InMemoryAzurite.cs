using System.Globalization;
using Serverless.Embedded.Processes;

namespace Serverless.Embedded.Testing;

/// <summary>The Azurite of this test process. It has many accounts from its start, so that each app gets one of its own at once.</summary>
internal static class InMemoryAzurite
{
    private const int AccountsOfOne = 500;

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Queue<AzuriteAccount> Free = [];
    private static AzuriteProcess? _process;

    /// <summary>The connection string of an account that nobody has used.</summary>
    /// <exception cref="LocalProcessException">Azurite is not installed, or did not start; the message says what to do.</exception>
    public static async Task<string> TakeAccountAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_process is null || _process.Exited.IsCompleted || Free.Count == 0)
                _process = await StartAsync(cancellationToken).ConfigureAwait(false);
            return _process.ConnectionStringOf(Free.Dequeue());
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<AzuriteProcess> StartAsync(CancellationToken cancellationToken)
    {
        List<AzuriteAccount> accounts = [.. Enumerable.Range(1, AccountsOfOne).Select(number =>
            new AzuriteAccount("test" + number.ToString(CultureInfo.InvariantCulture), "dGVzdA=="))];
        var folder = Directory.CreateTempSubdirectory("azurite-");
        var process = await AzuriteProcess.StartAsync(
            new AzuriteOptions
            {
                Script = AzuriteScript.Find(),
                DataFolder = null,
                LogFile = Path.Combine(folder.FullName, "azurite.log"),
                Ports = AzuritePorts.Any,
                Accounts = accounts,
            },
            cancellationToken).ConfigureAwait(false);
        // It has nothing to save.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.KillAsync().GetAwaiter().GetResult();
            folder.Delete(recursive: true);
        };
        Free.Clear();
        accounts.ForEach(Free.Enqueue);
        return process;
    }
}
