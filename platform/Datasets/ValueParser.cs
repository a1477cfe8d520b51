using System.Globalization;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>Why a value is no number although it stands for one.</summary>
public enum NumberFault
{
    /// <summary>It does not stand for one.</summary>
    None,

    /// <summary>It stands for infinity.</summary>
    Infinite,

    /// <summary>It is not finite as a 32-bit float.</summary>
    TooLarge,
}

/// <summary>What a raw value means. Training and scoring both ask here, so they cannot differ.</summary>
/// <remarks>
/// <para>Spaces and tabs around a value do not count.</para>
/// <para>
/// Missing is: nothing, <c>NA</c>, <c>N/A</c>, <c>n/a</c>, <c>#N/A</c>, <c>&lt;NA&gt;</c>, <c>NaN</c>, <c>nan</c>, <c>NULL</c>, <c>null</c>, <c>None</c>;
/// in this case only, as pandas has it, so that a category may be called "none" or "na".
/// </para>
/// <para>
/// A number is: an optional sign, digits with an optional decimal point, an optional exponent; finite as a 32-bit float. No thousands separator,
/// no decimal comma, no unit, no "inf".
/// </para>
/// <para>A date is a day of the years 1 to 9999, in one of the forms that <see cref="DateValue"/> reads; a time after it does not count.</para>
/// <para>Running text is taken up to <see cref="LongestText"/> bytes.</para>
/// </remarks>
public static class ValueParser
{
    /// <summary>The most bytes of a running text, so that a word list of it stays bounded.</summary>
    public const int LongestText = 4_000;

    /// <summary>
    /// The greatest magnitude of a number: XGBoost puts its outermost cut at twice the greatest value, which must stay finite in single precision to be written in a graph.
    /// </summary>
    public const float GreatestNumber = 1e38f;

    private const int LongestNumber = 400;

    /// <summary>The value without surrounding spaces and tabs.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> utf8) => utf8.Trim(" \t"u8);

    public static bool IsMissing(ReadOnlySpan<byte> utf8) => IsMissingTrimmed(Trim(utf8));

    /// <summary>Whether the value is missing or a number, of at most <see cref="GreatestNumber"/>.</summary>
    /// <param name="utf8">The raw value.</param>
    /// <param name="number">NaN where missing.</param>
    /// <returns>False: there is a value, and it is not a number.</returns>
    public static bool TryNumber(ReadOnlySpan<byte> utf8, out float number)
    {
        var value = Trim(utf8);
        if (IsMissingTrimmed(value))
        {
            number = float.NaN;
            return true;
        }

        // The first and last byte rule out what .NET takes besides: "Infinity", "∞", trailing zero bytes.
        if (value.Length <= LongestNumber
            && value[0] is (byte)'-' or (byte)'+' or (byte)'.' or (>= (byte)'0' and <= (byte)'9')
            && value[^1] is (byte)'.' or (>= (byte)'0' and <= (byte)'9')
            && float.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && MathF.Abs(number) <= GreatestNumber)
        {
            // So that -0 and 0 are one value everywhere.
            number += 0f;
            return true;
        }

        number = float.NaN;
        return false;
    }

    /// <inheritdoc cref="TryNumber(ReadOnlySpan{byte}, out float)"/>
    public static bool TryNumber(string value, out float number) => TryNumber(Encoding.UTF8.GetBytes(value), out number);

    /// <summary>Why a value that looks like a number to people is none here.</summary>
    /// <param name="utf8">A raw value that is not a number.</param>
    public static NumberFault BeyondNumbers(ReadOnlySpan<byte> utf8)
    {
        // Nearly all texts are none by their first byte: a sign, a point, a digit, an i, or the first of the sign for infinity.
        var trimmed = Trim(utf8);
        if (trimmed.IsEmpty || trimmed.Length > LongestNumber
            || trimmed[0] is not ((byte)'+' or (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') or (byte)'i' or (byte)'I' or 0xE2))
        {
            return NumberFault.None;
        }

        var value = Encoding.UTF8.GetString(trimmed).TrimStart('+', '-').ToLowerInvariant();
        return value is "inf" or "infinity" or "∞" or "1.#inf" ? NumberFault.Infinite
            : double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _) ? NumberFault.TooLarge
            : NumberFault.None;
    }

    /// <summary>The value of a category; empty where missing.</summary>
    public static ReadOnlySpan<byte> Category(ReadOnlySpan<byte> utf8)
    {
        var value = Trim(utf8);
        return IsMissingTrimmed(value) ? [] : value;
    }

    /// <inheritdoc cref="Category(ReadOnlySpan{byte})"/>
    public static string Category(string value) => Encoding.UTF8.GetString(Category(Encoding.UTF8.GetBytes(value)));

    /// <summary>Whether the value is missing or a date.</summary>
    /// <param name="utf8">The raw value.</param>
    /// <param name="days">Days since 1970-01-01; NaN where missing.</param>
    /// <returns>False: there is a value, and it is not a date.</returns>
    public static bool TryDate(ReadOnlySpan<byte> utf8, out float days)
    {
        var value = Trim(utf8);
        days = float.NaN;
        if (IsMissingTrimmed(value))
        {
            return true;
        }

        if (!DateValue.TryRead(value, out var moment))
        {
            return false;
        }

        days = DateValue.Days(moment);
        return true;
    }

    /// <summary>The days of <see cref="TryDate"/> as yyyy-MM-dd; empty where missing.</summary>
    public static string DateText(float days) => DateValue.Text(days);

    /// <summary>The value of a running text; empty where missing.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> utf8)
    {
        var value = Category(utf8);
        if (value.Length <= LongestText)
        {
            return value;
        }

        // Not within a character: its further bytes begin with 10.
        var end = LongestText;
        while ((value[end] & 0xC0) == 0x80) end--;
        return value[..end];
    }

    private static bool IsMissingTrimmed(ReadOnlySpan<byte> value) => value.Length switch
    {
        0 => true,
        2 => value.SequenceEqual("NA"u8),
        3 => value.SequenceEqual("N/A"u8) || value.SequenceEqual("n/a"u8) || value.SequenceEqual("NaN"u8) || value.SequenceEqual("nan"u8),
        4 => value.SequenceEqual("NULL"u8) || value.SequenceEqual("null"u8) || value.SequenceEqual("None"u8)
            || value.SequenceEqual("#N/A"u8) || value.SequenceEqual("<NA>"u8),
        _ => false,
    };
}
