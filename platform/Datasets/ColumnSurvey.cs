using System.Buffers.Text;

namespace Serverless.Platform.Datasets;

/// <summary>What the values of a column look like, in a file or in several.</summary>
internal sealed class ColumnSurvey
{
    private long previous;
    private bool hasPrevious;
    private (long Least, long Greatest)? whole;
    private double spanOfOthers;

    /// <summary>Values that are numbers.</summary>
    public long Numbers { get; private set; }

    /// <summary>Values that are other text; what is neither is missing.</summary>
    public long Texts { get; private set; }

    /// <summary>The forms of the dates among the texts.</summary>
    public DateForms Forms { get; private set; } = new();

    /// <summary>Texts that are dates with one meaning only.</summary>
    public long Dates { get; private set; }

    /// <summary>Texts that are numbers in some country's form.</summary>
    public long LocalNumbers { get; private set; }

    /// <summary>Texts that stand for numbers beyond those that are taken.</summary>
    public long BeyondNumbers { get; private set; }

    /// <summary>Words in all texts: runs without a space that begin with a letter.</summary>
    public long Words { get; private set; }

    /// <summary>Values that stand for true or false.</summary>
    public long Booleans { get; private set; }

    /// <summary>Which words these are, by <see cref="BooleanWords.BitOf"/>.</summary>
    public int BooleanBits { get; private set; }

    /// <summary>Values that are whole numbers, each one more than the value of the row before.</summary>
    public long Rises { get; private set; }

    /// <summary>How many whole numbers lie between the least and the greatest of a file, these two too, all files together: a month has 12 however many rows there are.</summary>
    public double Span => spanOfOthers + (whole is var (least, greatest) ? (double)greatest - least + 1 : 0);

    /// <summary>Values that are there.</summary>
    public long Values => Numbers + Texts;

    /// <summary>Takes a value into account.</summary>
    public void Count(ReadOnlySpan<byte> field)
    {
        if (!ValueParser.TryNumber(field, out var number))
        {
            var value = ValueParser.Trim(field);
            Texts++;
            Forms.Count(value);
            if (DateValue.TryRead(value, out _)) Dates++;
            if (NumberForms.IsLocal(value)) LocalNumbers++;
            if (ValueParser.BeyondNumbers(value) != NumberFault.None) BeyondNumbers++;
            CountBoolean(value);
            CountWords(value);
            hasPrevious = false;
        }
        else if (!float.IsNaN(number))
        {
            Numbers++;
            if (number is 0 or 1) CountBoolean(number == 1 ? "1"u8 : "0"u8);
            CountRise(ValueParser.Trim(field));
        }
    }

    /// <summary>A column in several files as one.</summary>
    public static ColumnSurvey Sum(IEnumerable<ColumnSurvey> files)
    {
        var sum = new ColumnSurvey();
        foreach (var file in files)
        {
            sum.Numbers += file.Numbers;
            sum.Texts += file.Texts;
            sum.Forms = DateForms.Sum([sum.Forms, file.Forms]);
            sum.Dates += file.Dates;
            sum.LocalNumbers += file.LocalNumbers;
            sum.BeyondNumbers += file.BeyondNumbers;
            sum.Words += file.Words;
            sum.Booleans += file.Booleans;
            sum.BooleanBits |= file.BooleanBits;
            sum.Rises += file.Rises;
            sum.spanOfOthers += file.Span;
        }

        return sum;
    }

    private void CountBoolean(ReadOnlySpan<byte> value)
    {
        if (BooleanWords.BitOf(value) is > 0 and var bit)
        {
            Booleans++;
            BooleanBits |= bit;
        }
    }

    private void CountWords(ReadOnlySpan<byte> value)
    {
        var isBetween = true;
        foreach (var c in value)
        {
            // Bytes beyond ASCII are parts of letters far more often than not.
            if (isBetween && (char.IsAsciiLetter((char)c) || c >= 0x80)) Words++;
            isBetween = c is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
        }
    }

    private void CountRise(ReadOnlySpan<byte> value)
    {
        var isWhole = Utf8Parser.TryParse(value, out long number, out var read) && read == value.Length;
        if (isWhole && hasPrevious && number == previous + 1) Rises++;
        (previous, hasPrevious) = (number, isWhole);
        if (isWhole) whole = whole is var (least, greatest) ? (Math.Min(least, number), Math.Max(greatest, number)) : (number, number);
    }
}
