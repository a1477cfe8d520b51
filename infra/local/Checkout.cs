using System.Reflection;

namespace Serverless.Local;

/// <summary>Where things lie in a checkout of the repository.</summary>
/// <param name="Root">Absolute path of the folder that holds Serverless.sln.</param>
public sealed record Checkout(string Root)
{
    private static readonly string Configuration =
        typeof(Checkout).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Release";

    /// <summary>The app, as built with the configuration this assembly was built with.</summary>
    public string AppAssembly => Path.Combine(Root, "functions", "bin", Configuration, "net10.0", "Serverless.Functions.dll");

    public string AzuriteScript => Path.Combine(Root, "node_modules", "azurite", "dist", "src", "azurite.js");

    public string CreditRiskSample => Path.Combine(Root, "samples", "credit-risk");

    /// <summary>The checkout that the running program was built in.</summary>
    /// <exception cref="CommandException">No folder above the program holds Serverless.sln.</exception>
    public static Checkout Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return new Checkout(folder.FullName);
        }
        throw new CommandException(
            $"No folder above {AppContext.BaseDirectory} holds Serverless.sln. Run this from its place in a checkout: ./dev help");
    }
}
