using Serverless.Tests.Chaos.Crashes;

namespace Serverless.Tests.Unit.Embedded.Chaos;

/// <summary>A short run of what ./dev chaos does at length.</summary>
public sealed class CrashRunTests(ITestOutputHelper output)
{
    private const int Kills = 15;

    [Fact]
    public async Task Kill_AtRandomMoments_BreaksNoPromise()
    {
        var options = new CrashOptions { Kills = Kills, Seed = Random.Shared.Next() };

        var report = await CrashRun.RunAsync(options, output.WriteLine, TestContext.Current.CancellationToken);

        Assert.True(report.Problems.Count == 0, report.ToString());
        Assert.True(report is { Instances: > 0, Activities: > 0 } && report.KillsAtStart < Kills, report.ToString());
        output.WriteLine(report.ToString());
    }
}
