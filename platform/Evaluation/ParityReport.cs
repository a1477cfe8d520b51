namespace Serverless.Platform.Evaluation;

/// <summary>How far the exported graph's scores are from the learner's own.</summary>
/// <param name="Rows">How many rows were scored by both.</param>
/// <param name="MaxAbsoluteDifference">The greatest difference of two scores of one row.</param>
/// <param name="Tolerance">The greatest difference allowed.</param>
/// <param name="Passed">Whether there were rows and all stayed within the tolerance.</param>
public sealed record ParityReport(int Rows, double MaxAbsoluteDifference, double Tolerance, bool Passed);
