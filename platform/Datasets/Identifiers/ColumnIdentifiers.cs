using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>The direct identifiers in a column of a file, counted as it is read.</summary>
/// <remarks>
/// An IBAN has two check digits, a mail address its at sign: one that is found is one. Of digit strings that begin like a card number one in ten has
/// the right check digit by chance. So those with it count as card numbers when all strings of this form in the column have it, or more than a tenth
/// of them and the square root of their number (over three standard deviations more than chance gives). Lists of numbers have many places to look at,
/// and all of them are counted; those that are written as card numbers mostly are also count by themselves, whatever stands beside them. A plus sign
/// and digits alone may be a number: they count as telephone numbers when more than half of the column's values look so.
/// </remarks>
/// <param name="embedded">Counts card numbers within longer strings of digits; null: they are not looked for.</param>
internal sealed class ColumnIdentifiers(EmbeddedCardNumbers? embedded = null)
{
    private const double LuhnByChance = 0.1;

    /// <summary>What most card numbers have; digits that run together may hold one within them if they are more.</summary>
    private const int UsualDigits = 16;

    private readonly long[] found = new long[Enum.GetValues<IdentifierKind>().Length];
    private readonly long[] whole = new long[Enum.GetValues<IdentifierKind>().Length];
    private CardTally usualCards;
    private CardTally otherCards;
    private long signedNumbers;

    /// <summary>Takes a value into account, spaces around it aside.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isNumber">Whether it is a number to the platform.</param>
    public void Count(ReadOnlySpan<byte> value, bool isNumber)
    {
        for (var from = 0; IdentifierFinder.TryFind(value, from, out var identifier); from = identifier.End)
        {
            var isWhole = identifier.Length == value.Length;
            var kind = (int)identifier.Kind;
            if (identifier.Kind == IdentifierKind.Phone && isNumber)
            {
                signedNumbers++;
                continue;
            }

            if (identifier.Kind == IdentifierKind.CardNumber)
            {
                Count(identifier, isWhole);
                if (identifier.Length > UsualDigits)
                {
                    embedded?.Count(value[identifier.Start..identifier.End]);
                }
            }
            else if (identifier.IsCertain)
            {
                found[kind]++;
                whole[kind] += isWhole ? 1 : 0;
            }
        }
    }

    /// <summary>What the column holds, kind by kind, of those that the policy does not allow.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="values">How many values it has.</param>
    /// <param name="policy">What is done with which kind.</param>
    public IEnumerable<FoundIdentifiers> Decide(string column, long values, IdentifierPolicy policy)
    {
        foreach (var kind in Enum.GetValues<IdentifierKind>())
        {
            var (count, wholly) = kind == IdentifierKind.CardNumber ? SumOfCards() : (found[(int)kind], whole[(int)kind]);
            if (kind == IdentifierKind.Phone && 2 * (signedNumbers + wholly) > values)
            {
                (count, wholly) = (count + signedNumbers, wholly + signedNumbers);
            }

            if (count > 0 && policy.Of(kind) != IdentifierAction.Allow)
            {
                yield return new FoundIdentifiers(column, kind, count, 2 * wholly >= values);
            }
        }
    }

    private void Count(FoundIdentifier card, bool isWhole)
    {
        usualCards.Issued += card.Tries.Usual;
        otherCards.Issued += card.Tries.Other;
        if (card.IsCertain)
        {
            ref var tally = ref card.IsUsual ? ref usualCards : ref otherCards;
            tally.Checked++;
            tally.Whole += isWhole ? 1 : 0;
        }
    }

    private (long Count, long Whole) SumOfCards()
    {
        var all = usualCards + otherCards;
        var cards = all.AreMoreThanChance ? all : usualCards.AreMoreThanChance ? usualCards : default;
        var within = embedded?.Sum() ?? 0;
        return (Math.Max(cards.Checked, within), Math.Max(cards.Whole, within));
    }

    /// <summary>Strings of digits that begin as an issuer's do and are as long, those of them whose check digit is right, and those of these that are all of a value.</summary>
    private record struct CardTally(long Issued, long Checked, long Whole)
    {
        public readonly bool AreMoreThanChance => Checked == Issued || Checked > (LuhnByChance * Issued) + Math.Sqrt(Issued);

        public static CardTally operator +(CardTally a, CardTally b) => new(a.Issued + b.Issued, a.Checked + b.Checked, a.Whole + b.Whole);
    }
}

/// <summary>The direct identifiers of one kind in a column of a file.</summary>
/// <param name="Column">The column's header.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Count">How many there are.</param>
/// <param name="IsColumn">Whether at least half of the column's values are nothing else.</param>
internal sealed record FoundIdentifiers(string Column, IdentifierKind Kind, long Count, bool IsColumn)
{
    /// <summary>What it is called in reports and in the place of a masked value.</summary>
    public static string NameOf(IdentifierKind kind) => kind switch
    {
        IdentifierKind.CardNumber => "card number",
        IdentifierKind.Iban => "IBAN",
        IdentifierKind.Email => "e-mail address",
        _ => "phone number",
    };

    /// <summary>What several are called.</summary>
    public static string PluralOf(IdentifierKind kind) => PluralOf(NameOf(kind));

    /// <inheritdoc cref="PluralOf(IdentifierKind)"/>
    public static string PluralOf(string name) => name.EndsWith('s') ? $"{name}es" : $"{name}s";
}
