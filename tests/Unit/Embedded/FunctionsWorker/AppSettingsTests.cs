using Microsoft.Extensions.Configuration;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class AppSettingsTests
{
    private static readonly AppSettings Settings = new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Queue"] = "orders",
        ["Section:Key"] = "inner",
        ["AzureWebJobsStorage"] = "own",
        ["AzureWebJobsPrefixed"] = "prefixed",
        ["Plain"] = "plain",
        ["ConnectionStrings:Named"] = "named",
        ["Identity:serviceUri"] = "https://account",
        ["AzureWebJobs.One.Disabled"] = "true",
        ["AzureWebJobs:Two:Disabled"] = "1",
        ["AzureWebJobs.Three.Disabled"] = "false",
    }).Build());

    [Theory]
    [InlineData("%Queue%", "orders")]
    [InlineData("pre-%Queue%-post", "pre-orders-post")]
    [InlineData("%Section:Key%", "inner")]
    [InlineData("%Section__Key%", "inner")]
    [InlineData("plain", "plain")]
    public void Resolve_Expression_IsTheSettingsValue(string text, string expected) => Assert.Equal(expected, Settings.Resolve(text));

    [Fact]
    public void Resolve_MissingSetting_IsNamed() =>
        Assert.Contains("app setting 'Missing', which does not exist", Assert.Throws<FormatException>(() => Settings.Resolve("%Missing%")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "own")]
    [InlineData("AzureWebJobsStorage", "own")]
    [InlineData("Prefixed", "prefixed")]
    [InlineData("Plain", "plain")]
    [InlineData("Named", "named")]
    public void ConnectionString_Name_IsLookedForWithAndWithoutPrefix(string? name, string expected) => Assert.Equal(expected, Settings.ConnectionString(name));

    [Theory]
    [InlineData("Missing", "'Missing' does not exist")]
    [InlineData("Identity", "identity-based connection")]
    public void ConnectionString_NotThere_SaysWhatToDo(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Settings.ConnectionString(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("One", true)]
    [InlineData("Two", true)]
    [InlineData("Three", false)]
    [InlineData("Four", false)]
    public void IsDisabled_Setting_InEitherSpelling(string function, bool expected) => Assert.Equal(expected, Settings.IsDisabled(function));
}
