using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Datasets.Identifiers;

public sealed class IdentifierFinderTests
{
    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("378282246310005")]
    [InlineData("3782 822463 10005")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("6011000990139424")]
    [InlineData("3530111333300000")]
    [InlineData("30569309025904")]
    [InlineData("6200000000000005")]
    [InlineData("4111111111111111.0")]
    [InlineData("4.111111111111111E+15")]
    [InlineData("4111.1111.1111.1111")]
    [InlineData("4111/1111/1111/1111")]
    [InlineData("4111_1111_1111_1111")]
    [InlineData("3782.822463.10005")]
    [InlineData("4111\u00A01111\u00A01111\u00A01111")]
    [InlineData("4111\u202F1111\u202F1111\u202F1111")]
    [InlineData("4111\u20131111\u20131111\u20131111")]
    [InlineData("4111\u20111111\u20111111\u20111111")]
    [InlineData("4111\u22121111\u22121111\u22121111")]
    [InlineData("4111\t1111\t1111\t1111")]
    [InlineData("4111\n1111\n1111\n1111")]
    [InlineData("3782\r\n822463\r\n10005")]
    [InlineData("4\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1")]
    [InlineData("4111  1111  1111  1111")]
    [InlineData("4111 - 1111 - 1111 - 1111")]
    [InlineData("\uFF14\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11")]
    [InlineData("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("4 1 1 1  1 1 1 1  1 1 1 1  1 1 1 1")]
    [InlineData("4\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01\u00A01")]
    [InlineData("3-7-8-2-8-2-2-4-6-3-1-0-0-0-5")]
    [InlineData("4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1")]
    [InlineData("4111:1111:1111:1111")]
    [InlineData("4111*1111*1111*1111")]
    [InlineData("3782:822463:10005")]
    [InlineData("0004111111111111111")]
    [InlineData("00000000000000004111111111111111")]
    [InlineData("41111111111111111225")]
    [InlineData("41111111111111112512")]
    [InlineData("41111111111111112512101")]
    [InlineData("3782822463100051225")]
    [InlineData("4111111111111111=25121011234567")]
    [InlineData("4111111111111111D25121011234567")]
    public void TryFind_CardNumber_IsFoundWhole(string text) => AssertWhole(IdentifierKind.CardNumber, text);

    [Theory]
    [InlineData("DE89370400440532013000")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    [InlineData("GB82WEST12345698765432")]
    [InlineData("nl91abna0417164300")]
    [InlineData("NO9386011117947")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("DE89-3704-0044-0532-0130-00")]
    [InlineData("DE89\u00A03704\u00A00044\u00A00532\u00A00130\u00A000")]
    public void TryFind_Iban_IsFoundWhole(string text) => AssertWhole(IdentifierKind.Iban, text);

    [Theory]
    [InlineData("a@b.co")]
    [InlineData("jane.doe+bank@mail.example.com")]
    [InlineData("jörg@müller.de")]
    public void TryFind_MailAddress_IsFoundWhole(string text) => AssertWhole(IdentifierKind.Email, text);

    [Theory]
    [InlineData("+4915112345678")]
    [InlineData("+49 (151) 123-45678")]
    [InlineData("+1 202 555 0123")]
    [InlineData("+44.20.7946.0958")]
    [InlineData("+44\u00A020\u00A07946\u00A00958")]
    [InlineData("+49\u2013151\u201312345678")]
    [InlineData("+49/151/12345678")]
    [InlineData("0049 30 1234567")]
    [InlineData("0049-151-12345678")]
    [InlineData("0044\u00A020\u00A07946\u00A00958")]
    [InlineData("00491511234567")]
    [InlineData("001 202 555 0123")]
    public void TryFind_PhoneNumber_IsFoundWhole(string text) => AssertWhole(IdentifierKind.Phone, text);

    [Theory]
    [InlineData("")]
    [InlineData("4111111111111112")]                    // check digit
    [InlineData("1234567812345670")]                    // Luhn, but no issuer
    [InlineData("0.4111111111111111")]                  // decimals
    [InlineData("-4111111111111111")]
    [InlineData("4111111111111111.25")]
    [InlineData("1.4111111111111111")]
    [InlineData("411111111111.1111")]
    [InlineData("4111,1111,1111,1111")]
    [InlineData("30.05.2024 12.30.15")]
    [InlineData("9a4111111111111111b2c")]                // hexadecimal
    [InlineData("4111a111-1111-4111-1111-111111111111")]
    [InlineData("41111111111111111111111111")]          // longer than any card number
    [InlineData("41111111111111111325")]                // no month
    [InlineData("41111111111111111275")]                // no year
    [InlineData("00041111111111111111225")]             // zeros before it and a date after it
    [InlineData("12304111111111111111")]                // digits before it
    [InlineData("4111111111111111.1234567890123456")]
    [InlineData("4111111111111111,25")]
    [InlineData("12,4111111111111111")]
    [InlineData("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2")]
    [InlineData("7 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]   // a list of figures that does not begin with it
    [InlineData("4.1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("2024-01-31 12:30:15.123456")]
    [InlineData("7\n4\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1")]
    [InlineData("4111\t1111\t1111\t1112")]
    [InlineData("41:11:11:11:11:11:11:11")]
    [InlineData("20240131235959")]
    [InlineData("1700000000000")]
    [InlineData("DE89370400440532013001")]              // check digits
    [InlineData("DE8937040044053201300")]               // too short
    [InlineData("DE893704004405320130001")]             // too long
    [InlineData("XX89370400440532013000")]
    [InlineData("someone@localhost")]
    [InlineData("@example.com")]
    [InlineData("a@b..com")]
    [InlineData("2 @ 3.50")]
    [InlineData("+1234567")]                            // too few digits
    [InlineData("+0123456789")]
    [InlineData("C+12345678901")]
    [InlineData("1e+15")]
    [InlineData("0012345678")]
    [InlineData("00000004912345")]
    [InlineData("0011234567890")]                       // no area begins with 1
    [InlineData("0.0049301234567")]
    public void TryFind_WhatOnlyLooksAlike_IsNoIdentifier(string text) => Assert.DoesNotContain(Find(text), f => f.IsCertain);

    [Theory]
    [InlineData("PAN4819661018442220", "4819661018442220")]
    [InlineData("5161000000000004X", "5161000000000004")]
    [InlineData("card:4111111111111111exp0927", "4111111111111111")]
    [InlineData("12\t4111\t1111\t1111\t1111\t12/25", "4111\t1111\t1111\t1111")]
    [InlineData("paid by 4111 1111 1111 1111\n12 items", "4111 1111 1111 1111")]
    [InlineData("CC4111111111111111", "4111111111111111")]
    [InlineData("AB4111111111111111CD", "4111111111111111")]
    [InlineData("ca-4111-1111-1111-1111-de", "4111-1111-1111-1111")]
    [InlineData("4111111111111111. 12 of them", "4111111111111111")]
    [InlineData("2024.4111.1111.1111.1111", "4111.1111.1111.1111")]
    [InlineData("12.4111.1111.1111.1111", "4111.1111.1111.1111")]
    [InlineData("7_4111_1111_1111_1111_12", "4111_1111_1111_1111")]
    [InlineData("12/4111/1111/1111/1111/12/25", "4111/1111/1111/1111")]
    [InlineData("12,4111 1111 1111 1111", "4111 1111 1111 1111")]
    [InlineData("4111 1111 1111 1111,12/25", "4111 1111 1111 1111")]
    [InlineData("4111 1111 1111 1111.12", "4111 1111 1111 1111")]
    [InlineData("4111111111111111,12/25", "4111111111111111")]
    [InlineData("card 1: 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 12/25", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("12 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("%B4111111111111111^DOE/JANE^2512101", "4111111111111111")]
    [InlineData("4111111111111111D25121011234567F", "4111111111111111D25121011234567")]
    public void TryFind_CardNumberThatOthersTouch_IsFound(string text, string card)
    {
        var found = Assert.Single(Find(text), f => f.IsCertain);

        Assert.Equal((IdentifierKind.CardNumber, card), (found.Kind, text.Substring(found.Start, found.Length)));
    }

    [Theory]
    [InlineData("4111111111111111,5555555555554444")]
    [InlineData("4111-1111-1111-1111,5555-5555-5555-4444")]
    [InlineData("4111111111111111/5555555555554444")]
    [InlineData("4111 1111 1111 1111 5555 5555 5555 4444")]
    public void TryFind_ListOfCardNumbers_FindsEach(string text) => Assert.Equal(2, Find(text).Count(f => f.IsCertain));

    [Fact]
    public void TryFind_FreeText_FindsEachWhereItStands()
    {
        const string Text = "Called +49 151 12345678 about order 12 4111 1111 1111 1111, wrote to jane@example.com. Pays from DE89370400440532013000!";

        var found = Find(Text).Select(f => (f.Kind, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Text).AsSpan(f.Start, f.Length))));

        Assert.Equal(
            [
                (IdentifierKind.Phone, "+49 151 12345678"), (IdentifierKind.CardNumber, "4111 1111 1111 1111"),
                (IdentifierKind.Email, "jane@example.com"), (IdentifierKind.Iban, "DE89370400440532013000"),
            ],
            found);
    }

    [Theory]
    [InlineData("+4915112345678\n2024-01-31")]
    [InlineData("+49 151 12345678\t20240131")]
    public void TryFind_PhoneNumberBeforeAnotherLineOrColumn_IsFound(string text) =>
        Assert.Equal(text.IndexOfAny(['\n', '\t']), Assert.Single(Find(text), f => f.Kind == IdentifierKind.Phone).Length);

    [Fact]
    public void Apply_FreeText_ReplacesEachByWhatItIs() => Assert.Equal(
        "Card [card number], [e-mail address], [IBAN], [phone number].",
        IdentifierMask.Apply("Card 4111-1111-1111-1111, jane@example.com, DE89370400440532013000, +4915112345678."));

    [Theory]
    [InlineData("ticket 4000123412341235")]
    [InlineData("order 1234567890123456")]
    [InlineData("4111111111111112 not a card")]
    [InlineData("as of 20240131101112")]
    [InlineData("+12 345 678 rows")]
    public void ApplyToReason_OtherNumbers_AreKept(string reason) => Assert.Equal(reason, IdentifierMask.ApplyToReason(reason));

    [Theory]
    [InlineData("ticket 4000123412341235 of 4111111111111111", "ticket 4000123412341235 of [card number]")]
    [InlineData("4000123412341235 4111 1111 1111 1111", "4000123412341235 [card number]")]
    [InlineData("DE89370400440532013000, jane@example.com", "[IBAN], [e-mail address]")]
    [InlineData("call +49 151 12345678 or +34 612 345 678", "call [phone number] or [phone number]")]
    [InlineData("call +1 202 555 0143", "call [phone number]")]
    public void ApplyToReason_Identifiers_AreMasked(string reason, string kept) => Assert.Equal(kept, IdentifierMask.ApplyToReason(reason));

    [Theory]
    [InlineData("4111 1111 1111 1111 is mine")]
    [InlineData("jane.doe.with.a.very.long.name@mail.example.com")]
    [InlineData("+49 151 1234")]
    public void Of_ValueThatNamesSomebody_IsNotQuoted(string value)
    {
        var excerpt = ValueExcerpt.Of(value);

        Assert.DoesNotContain("4111", excerpt, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", excerpt, StringComparison.Ordinal);
        Assert.DoesNotContain("151", excerpt, StringComparison.Ordinal);
    }

    private static void AssertWhole(IdentifierKind kind, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Assert.True(IdentifierFinder.MayHold(utf8));
        var found = Assert.Single(Find(text));
        Assert.Equal((kind, 0, utf8.Length, true), (found.Kind, found.Start, found.Length, found.IsCertain));
    }

    private static List<FoundIdentifier> Find(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var found = new List<FoundIdentifier>();
        for (var from = 0; IdentifierFinder.TryFind(utf8, from, out var identifier); from = identifier.End)
        {
            found.Add(identifier);
        }

        return found;
    }
}
