using Serverless.Embedded.DurableTask;
using Serverless.Embedded.Testing;
using Serverless.Orchestrations.Training;

namespace Serverless.Tests.Unit.Orchestrations;

/// <summary>Runs that began under an earlier release must go on under this one. Add recordings; never change one.</summary>
public sealed class RecordedHistoryTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Orchestrations", "Histories");

    private static readonly HistoryReplay Replay = HistoryReplay.Of(typeof(TrainModel).Assembly);

    public static TheoryData<string> Recordings => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void RecordedHistory_ReplayedAgainstTodaysCode_ShowsNoDifference(string file)
    {
        var recording = HistoryRecording.Parse(File.ReadAllText(Path.Combine(Folder, file)));

        Assert.Null(Replay.FindDifference(recording));
    }

    [Fact]
    public void RecordedHistories_OfEachShippedOrchestrator_AreThere()
    {
        var recorded = Directory.GetFiles(Folder, "*.json").Select(path => HistoryRecording.Parse(File.ReadAllText(path)).Name).Distinct();

        Assert.Equal(Replay.Orchestrators.Order(), recorded.Order());
    }
}
