using System.Text.Json;
using Serverless.Local;

namespace Serverless.Tests.Infra.House;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("host.json")]
    [InlineData("local.settings.sample.json")]
    public void Settings_AtTheRoot_AreInTheAppsOutput(string name)
    {
        var output = Path.Combine(Path.GetDirectoryName(new Checkout(Tree.Root).AppAssembly)!, name);
        Assert.True(File.Exists(output), $"{output} was not found.");
        Assert.Equal(File.ReadAllText(Tree.At(name)), File.ReadAllText(output));
    }

    [Fact]
    public void SampleSettings_HoldNoSecret()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Tree.At("local.settings.sample.json")));
        var storage = settings.RootElement.GetProperty("Values").GetProperty("AzureWebJobsStorage").GetString();
        Assert.Equal("UseDevelopmentStorage=true", storage);
    }
}
