namespace Serverless.Platform.Definitions;

/// <summary>What a wrong prediction costs, in any one unit: money, or shares of it. Only the ratio of the two moves a threshold.</summary>
/// <param name="FalsePositive">The cost of a negative row predicted positive, such as the margin lost on a good customer turned down. Greater than 0.</param>
/// <param name="FalseNegative">The cost of a positive row predicted negative, such as a loan that is not paid back. Greater than 0.</param>
public sealed record CostPolicy(double FalsePositive, double FalseNegative)
{
    // Figures of this size are money already; beyond it a product with a row count loses its cents.
    private const double Most = 1e9;

    private const string Example = "{ false-positive: 1, false-negative: 5 }";

    /// <summary>The <c>cost</c> of a definition's <c>training</c>; null when none is given.</summary>
    internal static CostPolicy? Read(SectionReader training)
    {
        if (!training.Has("cost"))
        {
            return null;
        }

        var before = training.RefusalCount;
        var cost = training.Section("cost", Example, "false-positive", "false-negative");
        return training.RefusalCount > before && !cost.Keys.Any() ? null : new CostPolicy(Cost("false-positive"), Cost("false-negative"));

        double Cost(string key)
        {
            const double least = 1e-9;
            if (!cost.Has(key))
            {
                cost.Refuse(training.LineOf("cost"), $"training.cost.{key} is missing; both costs are needed, since only their ratio says where to cut.", $"Write 'cost: {Example}'.");
            }

            return cost.Number(key, fallback: 1, least, Most);
        }
    }
}
