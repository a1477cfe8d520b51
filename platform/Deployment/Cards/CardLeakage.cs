using Serverless.Platform.Pages;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>What the leakage checks found.</summary>
internal static class CardLeakage
{
    public static Html Render(CardContent card)
    {
        if (card.Leakage is not { } leakage)
        {
            return Html.Empty;
        }

        var repeats = leakage.Repeats;
        var alike = repeats.AlikeCases == 0 ? "" : $" {CardText.Count(repeats.AlikeCases)} are of combinations of values that many training rows have, with different outcomes: cases that are alike, not repeats.";
        var found = leakage.Findings.Count == 0
            ? Html.Of($"""
                <div class="good">Nothing was found: no feature that alone nearly determines the target, no identifier, no records of one case on both sides of the split, alike in all columns or in all but one. Such as differ in more are not looked for.</div>
                """)
            : Html.Table(["check", "column", "#figure", "#reported from", "finding", "what to do"], leakage.Findings.Select(f => Html.Cells(
                f.Kind, f.Column ?? "–", CardText.Figure(f.Found), CardText.Figure(f.Bound), f.Finding, f.Remedy)));
        return Html.Of($"""
            <h2>Leakage</h2>
            {found}
            <p>Of {CardText.Count(repeats.HeldOutRows)} held-out rows {CardText.Count(repeats.SameRow)} are training rows too,
            {CardText.Count(repeats.SameFeatures)} have the features and label of one, and {CardText.Count(repeats.OtherLabel)} have the features of one but another label; {CardText.Count(repeats.NearlySame)} agree with one in all columns but one.{alike}</p>
            <h3>The strongest single features</h3>
            {Html.Table(["column", leakage.Features.Any(f => f.R2 is not null) ? "#R² alone, on training rows" : "#ROC AUC alone, on training rows"],
                leakage.Features.Take(5).Select(f => Html.Cells(f.Column, CardText.Figure(f.Value))))}
            """);
    }
}
