using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TextWordsTests
{
    [Theory]
    [InlineData("Loan for a car, paid-late.", "Loan|for|car|paid|late")]
    [InlineData("über 42 Straßen", "über|42|Straßen")]
    [InlineData("don't  \t a.b", "don")]
    [InlineData("年齢 x 😀😀", "年齢|😀😀")]
    [InlineData("—!?", "")]
    [InlineData("", "")]
    public void Split_Text_IsItsWords(string text, string words) => Assert.Equal(words, string.Join('|', TextWords.Split(text)));

    [Fact]
    public void Learn_Rows_KnowsTheMostFrequentWordsInWhateverOrderAndCase()
    {
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"{(i < 30 ? "Late" : "in time")} {(i % 20 == 0 ? "CAR" : "")} {(i < 4 ? "boat" : "")} loan")];

        var words = TextWords.Learn(texts);

        // "loan" is in every row and "boat" in too few.
        Assert.Equal(["in", "time", "late", "car"], words.Words);
        Assert.Equal((float)(Math.Log(101.0 / 31) + 1), words.Weights[2]);
        Assert.Equal(words.Words, TextWords.Learn([.. texts.Reverse()]).Words);
    }

    [Fact]
    public void Learn_ManyWords_KeepsAHundred() =>
        Assert.Equal(TextWords.MostWords, TextWords.Learn([.. Enumerable.Range(0, 1_500).Select(i => $"word{i % 150} other{i % 2}")]).Words.Count);

    [Fact]
    public void Encode_Texts_CountsEachWordInTheCasesItIsKnownIn()
    {
        var matrix = new float[8];

        new TextWords(["late", "car"], [2, 3]).Encode(["late LATE Late lAtE", "", "a car", "Car-loan"], matrix, 2);

        Assert.Equal([6, 0, 0, 0, 0, 3, 0, 3], matrix);
    }

    [Fact]
    public void Forms_TwoWordsWithTheSameCapitals_GivesThemToTheMoreFrequent() =>
        Assert.Equal(0, new TextWords(["so", "ſo"], [1, 1]).Forms()["SO"]);
}
