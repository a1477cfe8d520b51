using System.Text;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>Which converter the payloads of orchestrations pass through; what is expected is what the genuine worker does.</summary>
public sealed class DurableConverterTests
{
    private readonly CountingConverter _converter = new();

    [Fact]
    public async Task DataConverter_SetByConfigure_GivesWayToTheWorkersSerializerWithAWarning()
    {
        await using var app = await StartAsync(builder =>
        {
            builder.Services.Configure<DurableTaskWorkerOptions>(options => options.DataConverter = _converter);
            builder.Services.Configure<DurableTaskClientOptions>(options => options.DataConverter = _converter);
        });

        Assert.Equal("it", await HearAsync(app));
        Assert.Equal(0, _converter.Count);
        Assert.All((string[])["DurableTaskWorkerOptions", "DurableTaskClientOptions"], options => Assert.Contains(
            app.Log, line => line.Contains($"{options}.DataConverter is set to a CountingConverter by Configure, which has no effect", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DataConverter_SetByPostConfigure_ConvertsThePayloads()
    {
        await using var app = await StartAsync(builder =>
        {
            builder.Services.PostConfigure<DurableTaskWorkerOptions>(options => options.DataConverter = _converter);
            builder.Services.PostConfigure<DurableTaskClientOptions>(options => options.DataConverter = _converter);
        });

        Assert.Equal("it", await HearAsync(app));
        Assert.True(_converter.Count > 0, "the converter was never asked");
        Assert.DoesNotContain(app.Log, line => line.Contains("DataConverter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DataConverter_OfOrchestratorsAlone_RefusesToStart()
    {
        var refusal = await Assert.ThrowsAsync<HostStartException>(
            () => StartAsync(builder => builder.Services.PostConfigure<DurableTaskWorkerOptions>(options => options.DataConverter = _converter)));

        Assert.Contains("DurableTaskWorkerOptions.DataConverter is a CountingConverter", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(Action<FunctionsApplicationBuilder> configure) => TestApp.StartAsync(null, ["Listen"], configure: configure);

    private static async Task<string?> HearAsync(TestApp app)
    {
        const string api = "/runtime/webhooks/durabletask";
        await app.Http.PostAsync($"{api}/orchestrators/Listen/l1", null);
        await app.Http.PostAsync($"{api}/instances/l1/raiseEvent/Heard", new StringContent("\"it\"", Encoding.UTF8, "application/json"));
        return (await app.App.WaitForInstanceAsync("l1", TestContext.Current.CancellationToken)).ReadOutputAs<string>();
    }

    private sealed class CountingConverter : DataConverter
    {
        private int _count;

        public int Count => _count;

        public override string? Serialize(object? value)
        {
            Interlocked.Increment(ref _count);
            return JsonDataConverter.Default.Serialize(value);
        }

        public override object? Deserialize(string? data, Type targetType)
        {
            Interlocked.Increment(ref _count);
            return JsonDataConverter.Default.Deserialize(data, targetType);
        }
    }
}
