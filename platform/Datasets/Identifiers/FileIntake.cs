using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>What came of a file's first reading.</summary>
/// <param name="Survey">What it holds, direct identifiers masked; null: refused.</param>
/// <param name="Refusal">Why it is refused; null: it is not.</param>
/// <param name="Rows">Rows read, as far as reading came.</param>
/// <param name="HoldsIdentifiers">Whether the file itself, ignored columns too, holds direct identifiers that the definition does not allow.</param>
internal sealed record FileIntake(FileSurvey? Survey, Refusal? Refusal, long Rows, bool HoldsIdentifiers)
{
    /// <summary>Reads a file to its end, or to where it is refused; a second time through masks where it holds direct identifiers.</summary>
    public static async Task<FileIntake> TakeAsync(
        SourceFile source, TableFormat format, ModelDefinition definition, DataContract? contract, TableLimits limits, RowTicker ticker, CancellationToken cancellationToken)
    {
        var identifiers = new IdentifierSurvey(definition);
        var (survey, refusal, rows) = await FileSurvey.TakeAsync(source, format, definition, contract, limits, ticker, identifiers, masked: [], cancellationToken);
        var found = identifiers.Find();
        var isHeld = identifiers.AreHeld();
        if (survey is null)
        {
            return new FileIntake(null, refusal, rows, isHeld);
        }

        if (identifiers.Refuse(found) is { } forbidden)
        {
            return new FileIntake(null, forbidden, rows, HoldsIdentifiers: true);
        }

        if (found.Count > 0)
        {
            (survey, refusal, rows) = await FileSurvey.TakeAsync(source, format, definition, contract, limits, ticker, identifiers: null, found, cancellationToken);
        }

        return new FileIntake(survey, refusal, rows, isHeld);
    }
}
