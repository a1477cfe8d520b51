using System.Text;

namespace Serverless.Embedded.DurableTask;

/// <summary>Whether a text can be written as UTF-8. One that has half of a surrogate pair cannot, and would come back as another.</summary>
internal static class WellFormedText
{
    /// <summary><paramref name="what"/> says what the text is, for the message: "instance id".</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void ThrowIfNot(string text, string what, string? argument)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!Rune.TryGetRuneAt(text, i++, out _))
            {
                throw new ArgumentException(
                    $"The {what} '{text}' has half of a surrogate pair at index {i - 1}, which is no character. Cut texts between characters, not within one.", argument);
            }
        }
    }
}
