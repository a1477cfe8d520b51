using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets.Profiles;

public sealed class DatasetProfileTests
{
    private const string Old = """
        {
          "version": "0123456789abcdef",
          "rows": 60,
          "columns": [
            {
              "role": "Numeric",
              "name": "Age",
              "kind": "Number",
              "count": 58,
              "missing": 2,
              "distinct": 30,
              "numbers": { "min": 18, "max": 79, "mean": 46.5, "standardDeviation": 12.25, "quantiles": [ { "probability": 0.5, "value": 45 } ] },
              "topCategories": null
            }
          ]
        }
        """;

    [Fact]
    public void FromJson_OfAnOlderRelease_HasNoTarget()
    {
        var profile = DatasetProfile.FromJson(Encoding.UTF8.GetBytes(Old));

        Assert.Null(profile.Target);
        Assert.Equal(("Age", 58L, 45.0), (profile.Columns[0].Name, profile.Columns[0].Count, profile.Columns[0].Numbers!.Quantiles[0].Value));
        Assert.DoesNotContain("target", Encoding.UTF8.GetString(profile.ToJson()), StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_WithTheTarget_IsWhatWasWritten()
    {
        var target = new ColumnProfile("Status", ColumnKind.Category, 60, 0, 2, null, [new CategoryCount("good", 40), new CategoryCount("bad", 20)]);

        var read = DatasetProfile.FromJson(new DatasetProfile("0123456789abcdef", 60, []) { Target = target }.ToJson());

        Assert.Equal(("Status", 60L, 2L), (read.Target!.Name, read.Target.Count, read.Target.Distinct));
        Assert.Equal(target.TopCategories, read.Target.TopCategories);
    }
}
