namespace Serverless.Platform.Deployment;

/// <summary>Which version of a model serves: the content of <c>models/{model}/deployment.json</c>.</summary>
/// <param name="Revision">1 for the first deployment, one more for each change.</param>
/// <param name="Champion">The version that scores.</param>
/// <param name="Previous">The version that scored before; null for the first.</param>
/// <param name="Run">The run that made the change; what makes repeating it harmless.</param>
/// <param name="By">Who decided: a person's name, or <c>gate</c> where no approval was asked for.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record ModelDeployment(int Revision, int Champion, int? Previous, string Run, string By, string Reason, DateTimeOffset At);
