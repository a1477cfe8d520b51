namespace Serverless.Platform.Training;

/// <summary>A matrix of features, row by row.</summary>
/// <param name="Values">Row-major, <c>Rows × Columns</c> long; NaN where missing.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Columns">How many features a row has.</param>
public sealed record DenseMatrix(float[] Values, int Rows, int Columns)
{
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>A matrix of the given rows, in the given order.</summary>
    public DenseMatrix Take(ReadOnlySpan<int> rows)
    {
        var taken = new float[rows.Length * Columns];
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(taken.AsSpan(i * Columns));
        }

        return new DenseMatrix(taken, rows.Length, Columns);
    }
}
