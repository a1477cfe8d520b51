namespace Serverless.Local.Instances;

/// <summary>Where an instance on this machine keeps what it has.</summary>
/// <param name="Home">`.local` in the checkout, or the folder that SERVERLESS_LOCAL names: the lock and instance.json lie here.</param>
/// <param name="Data">Azurite's data, the durable state and the logs lie below this one.</param>
public sealed record LocalFolders(string Home, string Data)
{
    public string Azurite => Path.Combine(Data, "azurite");
    public string State => Path.Combine(Data, "state");
    public string Logs => Path.Combine(Data, "logs");
    public string AzuriteLog => Path.Combine(Logs, "azurite.log");
    public string AppLog => Path.Combine(Logs, "app.log");

    /// <summary>Those of `./dev up`: kept from run to run.</summary>
    public static LocalFolders ForUp(Checkout checkout)
    {
        var home = HomeOf(checkout);
        return new LocalFolders(home, home);
    }

    /// <summary>Those of `./dev demo`: emptied at every start, and apart from those of `up`.</summary>
    public static LocalFolders ForDemo(Checkout checkout)
    {
        var home = HomeOf(checkout);
        return new LocalFolders(home, Path.Combine(home, "demo"));
    }

    private static string HomeOf(Checkout checkout) =>
        Environment.GetEnvironmentVariable("SERVERLESS_LOCAL") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(checkout.Root, ".local");
}
