namespace Serverless.Tests.EndToEnd;

/// <summary>One platform for the tests that can share it: each uses models of its own. It has one deployed model to score with.</summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    /// <summary>The deployed model.</summary>
    public const string Model = "shared-model";

    private InProcessPlatform? platform;

    public InProcessPlatform Platform => platform ?? throw new InvalidOperationException("The platform has not been started.");

    public async ValueTask InitializeAsync()
    {
        platform = await InProcessPlatform.StartAsync();
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model));
        await platform.DropAsync($"training-data/{Model}/credit_data.csv", CreditRisk.Training());
        var trained = await platform.WaitForRunAsync("TrainModel", Model);
        Assert.Equal("deployed", trained.Outcome);
    }

    public async ValueTask DisposeAsync()
    {
        if (platform is not null)
        {
            await platform.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class SharedPlatformGroup : ICollectionFixture<SharedPlatform>
{
    public const string Name = "shared platform";
}
