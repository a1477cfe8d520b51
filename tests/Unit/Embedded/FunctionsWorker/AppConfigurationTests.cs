using Microsoft.Extensions.Configuration;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class AppConfigurationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("serverless-").FullName;

    [Fact]
    public void AddFiles_HostJsonAndLocalSettings_LieBeneathTheEnvironment()
    {
        Write("host.json", """{ "version": "2.0", /* a comment */ "extensions": { "queues": { "batchSize": 4 } } }""");
        Write("local.settings.json", """{ "Values": { "Colour": "green", "Section__Key": "1", "Overridden": "file" } }""");
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([KeyValuePair.Create("Overridden", (string?)"below")]);
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection([KeyValuePair.Create("AzureFunctionsJobHost:extensions:queues:batchSize", (string?)"7")]);
        var problems = new List<string>();

        AppConfiguration.AddFiles(configuration, _directory, problems);

        Assert.Empty(problems);
        Assert.Equal("2.0", configuration["AzureFunctionsJobHost:version"]);
        Assert.Equal("7", configuration["AzureFunctionsJobHost:extensions:queues:batchSize"]);
        Assert.Equal("green", configuration["Colour"]);
        Assert.Equal("1", configuration["Section:Key"]);
        Assert.Equal("file", configuration["Overridden"]);
    }

    [Fact]
    public void AddFiles_NoFiles_AddsNothingThatMatters()
    {
        var configuration = new ConfigurationManager();
        var problems = new List<string>();

        AppConfiguration.AddFiles(configuration, _directory, problems);

        Assert.Empty(problems);
        Assert.Empty(configuration.GetSection("AzureFunctionsJobHost").GetChildren());
    }

    [Fact]
    public void AddFiles_BrokenJson_NamesTheFile()
    {
        Write("host.json", "{ \"version\": ");
        var problems = new List<string>();

        AppConfiguration.AddFiles(new ConfigurationManager(), _directory, problems);

        Assert.Contains("host.json is not JSON", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void AddFiles_LocalSettings_HaveConnectionStringsAndTheHostsOwnSection()
    {
        Write("local.settings.json", """
            {
              "IsEncrypted": false,
              "Host": { "LocalHttpPort": 7075, "CORS": "http://one,http://two" },
              "ConnectionStrings": { "Plain": "a=1", "Other": { "ConnectionString": "b=2", "ProviderName": "System.Data.SqlClient" } },
            }
            """);
        var configuration = new ConfigurationManager();
        var problems = new List<string>();

        AppConfiguration.AddFiles(configuration, _directory, problems);

        Assert.Empty(problems);
        Assert.Equal("a=1", configuration.GetConnectionString("Plain"));
        Assert.Equal("b=2", configuration.GetConnectionString("Other"));
        Assert.Equal("7075", configuration["Host:LocalHttpPort"]);
        Assert.Equal("http://one,http://two", configuration["Host:CORS"]);
    }

    [Theory]
    [InlineData("local.settings.json", """{ "IsEncrypted": true, "Values": { "A": "CfDJ8" } }""", "is encrypted")]
    [InlineData("host.json", """{ "functionTimeout": "-1" }""", "has no version")]
    [InlineData("host.json", """{ "logging": {} }""", "has no version")]
    [InlineData("host.json", """{ "version": "" }""", "has no version")]
    [InlineData("host.json", "[]", "holds a list; expected an object")]
    [InlineData("local.settings.json", "[]", "holds a list; expected an object")]
    [InlineData("local.settings.json", """{ "Values": ["A"] }""", "Values of ")]
    [InlineData("local.settings.json", """{ "values": { "Section": { "Key": "secret" } } }""", "\"Section__Member\"")]
    public void AddFiles_FileThatTheToolsRefuse_IsRefused(string file, string content, string expected)
    {
        Write(file, content);
        var problems = new List<string>();

        AppConfiguration.AddFiles(new ConfigurationManager(), _directory, problems);

        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "version": "2.0" }""")]
    public void AddFiles_HostJsonThatTheGenuineHostTakes_IsTaken(string content)
    {
        Write("host.json", content);
        var problems = new List<string>();

        AppConfiguration.AddFiles(new ConfigurationManager(), _directory, problems);

        Assert.Empty(problems);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_directory, name), content);
}
