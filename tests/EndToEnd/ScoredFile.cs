using System.Globalization;

namespace Serverless.Tests.EndToEnd;

/// <summary>What a result must look like beside its input.</summary>
internal static class ScoredFile
{
    /// <summary>Fails unless the result has exactly the input's rows in their order, each scored, all by one model version.</summary>
    /// <returns>The version.</returns>
    public static string AssertWhole(string input, string result)
    {
        var expected = input.TrimEnd('\n').Split('\n');
        var found = result.TrimEnd('\n').Split('\n');
        Assert.Equal(expected.Length, found.Length);
        Assert.Equal(expected[0] + ",score,decision,model_version,refusal", found[0]);
        var version = found[1].Split(',')[^2];
        for (var i = 1; i < found.Length; i++)
        {
            Assert.StartsWith(expected[i] + ",", found[i], StringComparison.Ordinal);
            var added = found[i][(expected[i].Length + 1)..].Split(',');
            Assert.Equal(4, added.Length);
            Assert.InRange(double.Parse(added[0], CultureInfo.InvariantCulture), 0, 1);
            Assert.Contains(added[1], (string[])["good", "bad"]);
            Assert.Equal(version, added[2]);
            Assert.Equal("", added[3]);
        }

        return version;
    }
}
