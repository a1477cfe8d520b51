namespace Serverless.Platform.Definitions;

/// <summary>What is done with direct identifiers in files to learn from.</summary>
/// <remarks>
/// A column of card numbers is refused by default, since such a file does not belong where it was dropped and somebody has to know; what names a
/// person otherwise is masked, since a model has no use for it. Nothing of either is stored.
/// </remarks>
/// <param name="CardNumber">Payment cards. <value>Default: a column of them is refused, single ones are masked.</value></param>
/// <param name="Iban">Bank accounts. <value>Default mask.</value></param>
/// <param name="Email">Mail addresses. <value>Default mask.</value></param>
/// <param name="Phone">Telephone numbers in international form. <value>Default mask.</value></param>
public sealed record IdentifierPolicy(IdentifierAction CardNumber, IdentifierAction Iban, IdentifierAction Email, IdentifierAction Phone)
{
    private const string Refuse = "refuse";
    private const string Mask = "mask";
    private const string Allow = "allow";

    public static IdentifierPolicy Default { get; } = new(IdentifierAction.RefuseColumn, IdentifierAction.Mask, IdentifierAction.Mask, IdentifierAction.Mask);

    public IdentifierAction Of(IdentifierKind kind) => kind switch
    {
        IdentifierKind.CardNumber => CardNumber,
        IdentifierKind.Iban => Iban,
        IdentifierKind.Email => Email,
        IdentifierKind.Phone => Phone,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };

    /// <summary>Reads <c>data.identifiers</c>: one word for all kinds, or one for each.</summary>
    internal static IdentifierPolicy Read(SectionReader data)
    {
        foreach (var word in (string[])[Refuse, Mask, Allow])
        {
            if (data.IsWord("identifiers", word))
            {
                return new IdentifierPolicy(ActionOf(word), ActionOf(word), ActionOf(word), ActionOf(word));
            }
        }

        var kinds = data.Section("identifiers", $"{Mask}' (or {Refuse}, or {Allow}), or 'identifiers: {{ card-number: {Refuse}, e-mail: {Allow} }}", "card-number", "iban", "e-mail", "phone");
        return new IdentifierPolicy(
            Of(kinds, "card-number", Default.CardNumber), Of(kinds, "iban", Default.Iban), Of(kinds, "e-mail", Default.Email), Of(kinds, "phone", Default.Phone));

        static IdentifierAction Of(SectionReader kinds, string kind, IdentifierAction usual) =>
            kinds.OneOf(kind, [Refuse, Mask, Allow]) is { } word ? ActionOf(word) : usual;
    }

    private static IdentifierAction ActionOf(string word) => word switch
    {
        Refuse => IdentifierAction.Refuse,
        Allow => IdentifierAction.Allow,
        _ => IdentifierAction.Mask,
    };
}

/// <summary>What is done with direct identifiers of one kind.</summary>
public enum IdentifierAction
{
    /// <summary>A file that holds one is refused.</summary>
    Refuse,

    /// <summary>Each is replaced by what it is, such as <c>[card number]</c>, before anything is stored.</summary>
    Mask,

    /// <summary>They are taken as any other value.</summary>
    Allow,

    /// <summary>A file with a column of them is refused; single ones elsewhere are masked. It is the default for card numbers, and has no word in a definition.</summary>
    RefuseColumn,
}

/// <summary>What says directly who somebody is.</summary>
public enum IdentifierKind
{
    CardNumber,
    Iban,
    Email,
    Phone,
}
