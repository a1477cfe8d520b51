using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Deployment;

/// <summary>What became of a candidate.</summary>
public enum DecisionOutcome
{
    /// <summary>It serves, or did until the next version.</summary>
    Deployed,

    /// <summary>The gate or an approver turned it down, or nobody decided in time.</summary>
    Rejected,

    /// <summary>It passed the gate, and an approver is asked. Of a card that is put before them; no decision is stored so.</summary>
    AwaitingApproval,
}

/// <summary>The decision on a model version: the content of <c>models/{model}/versions/{n}/decision.json</c>.</summary>
/// <param name="Outcome">Deployed or rejected.</param>
/// <param name="Gate">The gate's decision, reason by reason.</param>
/// <param name="By">Who decided: a person's name, <c>gate</c>, or <c>timeout</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">When, UTC.</param>
public sealed record ModelDecision(DecisionOutcome Outcome, GateDecision Gate, string By, string Reason, DateTimeOffset At);
