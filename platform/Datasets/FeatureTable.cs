using System.Globalization;

namespace Serverless.Platform.Datasets;

/// <summary>
/// Raw feature columns in memory, column by column: what a model's graph takes as inputs.
/// A column of numbers or dates is a <c>float[RowCount]</c> (missing: NaN), any other a <c>string[RowCount]</c> (missing: empty).
/// </summary>
public sealed class FeatureTable
{
    private readonly Array[] values;

    /// <param name="columns">The columns, in the order of <paramref name="values"/>.</param>
    /// <param name="values">One <c>float[]</c> or <c>string[]</c> per column, all of one length.</param>
    /// <param name="rowCount">How many rows each column holds.</param>
    /// <exception cref="ArgumentException">A column's array has another type or length than its kind and the row count ask for.</exception>
    public FeatureTable(IReadOnlyList<FeatureColumn> columns, IReadOnlyList<Array> values, int rowCount)
    {
        if (columns.Count != values.Count)
        {
            throw new ArgumentException($"Found {values.Count} arrays for {columns.Count} columns; expected one for each.", nameof(values));
        }

        for (var i = 0; i < columns.Count; i++)
        {
            var expected = columns[i].Kind.IsNumeric() ? typeof(float[]) : typeof(string[]);
            if (values[i].GetType() != expected || values[i].Length != rowCount)
            {
                throw new ArgumentException(
                    $"Column '{columns[i].Name}' holds {values[i].GetType().Name} of length {values[i].Length}; expected {expected.Name} of length {rowCount}.",
                    nameof(values));
            }
        }

        Columns = columns;
        RowCount = rowCount;
        this.values = [.. values];
    }

    public IReadOnlyList<FeatureColumn> Columns { get; }

    public int RowCount { get; }

    /// <summary>The values of a column of numbers or dates; NaN where missing.</summary>
    public float[] Numbers(int column) => (float[])values[column];

    /// <summary>The values of any other column; empty where missing.</summary>
    public string[] Categories(int column) => (string[])values[column];

    /// <summary>A value of any column as people read it: a date as yyyy-MM-dd; empty where missing.</summary>
    public string Text(int column, int row)
    {
        if (values[column] is string[] texts)
        {
            return texts[row];
        }

        var number = Numbers(column)[row];
        return Columns[column].Kind == ColumnKind.Date ? ValueParser.DateText(number)
            : float.IsNaN(number) ? ""
            : number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The values of any column to form groups by: as <see cref="Text"/>, but of dates the year alone.</summary>
    public string[] Groups(int column)
    {
        const int YearDigits = 4;
        if (values[column] is string[] groups)
        {
            return groups;
        }

        var texts = Enumerable.Range(0, RowCount).Select(row => Text(column, row));
        return [.. Columns[column].Kind == ColumnKind.Date ? texts.Select(t => t.Length > YearDigits ? t[..YearDigits] : t) : texts];
    }

    /// <summary>A table of the given rows, in the given order.</summary>
    public FeatureTable Take(IReadOnlyList<int> rows)
    {
        var taken = new Array[Columns.Count];
        for (var c = 0; c < taken.Length; c++)
        {
            taken[c] = values[c] is float[] numbers ? Pick(numbers, rows) : Pick((string[])values[c], rows);
        }

        return new FeatureTable(Columns, taken, rows.Count);
    }

    private static T[] Pick<T>(T[] from, IReadOnlyList<int> rows)
    {
        var picked = new T[rows.Count];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = from[rows[i]];
        }

        return picked;
    }
}
