using System.Reflection;
using Microsoft.DurableTask;

namespace Serverless.Tests.Unit.Embedded;

/// <summary>
/// Code written against the embedded assemblies must compile against the genuine ones. So every public member that they have in a
/// <c>Microsoft.*</c> namespace must stand, with the same signature, in the list of the genuine assembly's members.
/// </summary>
public sealed class ApiSurfaceTests
{
    private static readonly GenuineApi Genuine = GenuineApi.Load();

    public static TheoryData<Assembly> EmbeddedAssemblies => [typeof(TaskName).Assembly, typeof(Microsoft.Azure.Functions.Worker.FunctionAttribute).Assembly];

    [Theory]
    [MemberData(nameof(EmbeddedAssemblies))]
    public void PublicMembers_InMicrosoftNamespaces_AreGenuine(Assembly assembly)
    {
        var types = assembly.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) == true).ToList();
        var foreign = types.SelectMany(Genuine.FindForeign).ToList();

        Assert.NotEmpty(types);
        Assert.True(foreign.Count == 0, $"{assembly.GetName().Name} has public members that the genuine API has not:\n{string.Join('\n', foreign)}");
    }

    [Fact]
    public void FindForeign_TypeThatIsNotListed_NamesIt() =>
        Assert.Equal(["Microsoft.DurableTask.Unheard: no such type"], Genuine.FindForeign(typeof(DifferingPurgeResult), "Microsoft.DurableTask", "Unheard"));

    [Fact]
    public void FindForeign_MembersThatDiffer_NamesEach()
    {
        var foreign = Genuine.FindForeign(typeof(DifferingPurgeResult), "Microsoft.DurableTask.Client", "PurgeResult");

        Assert.Equal(
            [
                "Microsoft.DurableTask.Client.PurgeResult: sealed class PurgeResult",
                "Microsoft.DurableTask.Client.PurgeResult: ctor(int total)",
                "Microsoft.DurableTask.Client.PurgeResult: bool IsComplete { get; }",
                "Microsoft.DurableTask.Client.PurgeResult: void Forget()",
            ],
            foreign);
    }

    private sealed class DifferingPurgeResult(int total)
    {
        public int PurgedInstanceCount { get; private set; } = total;

        public bool IsComplete => PurgedInstanceCount > 0;

        public void Forget() => PurgedInstanceCount = 0;
    }
}
