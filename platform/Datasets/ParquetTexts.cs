using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// Measures the texts of a Parquet file before they are read: a dictionary has a text once and rows refer to it, so that a few bytes may stand
/// for any number, and neither the file's size nor what it says of itself tells how many.
/// </summary>
internal static class ParquetTexts
{
    /// <summary>Whether values of a type may be of any length.</summary>
    public static bool IsText(string type) => type.Split('(')[0] is "VARCHAR" or "ENUM";

    /// <summary>Adds up the lengths alone, which DuckDB finds without a copy of the texts; the refusal, or null.</summary>
    /// <param name="database">Where it is read.</param>
    /// <param name="rows">The file's rows, in SQL.</param>
    /// <param name="texts">The columns of texts.</param>
    /// <param name="path">Where the file is, expanded.</param>
    /// <param name="fileBytes">Its size as it was dropped.</param>
    /// <param name="limits">When to refuse.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static Refusal? FindTooLong(
        DuckDbConnection database, string rows, IReadOnlyList<string> texts, string path, long fileBytes, TableLimits limits, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return null;
        }

        var most = Math.Min(limits.MaxExpandedBytes, Math.Max(limits.FreeExpandedBytes, fileBytes * limits.MaxExpansion));
        var lengths = string.Join(", ", texts.Select(t => $"coalesce(strlen(CAST({DuckDbConnection.Identifier(t)} AS VARCHAR)), 0)::BIGINT"));
        long row = 0;
        long all = 0;
        try
        {
            using var result = database.Stream($"SELECT {lengths} FROM {rows}", cancellationToken);
            while (result.NextChunk() is { } chunk)
            {
                using (chunk)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var first = row + 1;
                    long together = 0;
                    for (var i = 0; i < chunk.RowCount; i++)
                    {
                        row++;
                        long length = 0;
                        for (var column = 0; column < texts.Count; column++)
                        {
                            length += chunk.Integers(column)[i];
                        }

                        all += length;
                        together += length;
                        if ((length > limits.MaxRecordBytes ? ParquetRefusals.TooLong(row, limits)
                            : all > most ? ParquetRefusals.TextsExpandTooFar(row, fileBytes, most, limits)
                            : together > limits.MaxChunkBytes ? ParquetRefusals.TooLongTogether(first, row, limits) : null) is { } refusal)
                        {
                            return refusal;
                        }
                    }
                }
            }

            return null;
        }
        catch (DuckDbException damaged)
        {
            return ParquetRefusals.Unreadable(row, damaged, path);
        }
    }
}
