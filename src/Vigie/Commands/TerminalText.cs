namespace Vigie.Commands;

/// <summary>Text that strangers wrote, made fit for one line of a terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text with line breaks and tabs as blanks, and every other control character, and every character that reverses the direction of text, as a question mark.</summary>
    public static string Plain(string text) => text.Any(Misleads) ? new string([.. text.Select(c => c is '\r' or '\n' or '\t' ? ' ' : Misleads(c) ? '?' : c)]) : text;

    /// <summary>The same, at most <paramref name="length"/> characters, cut ones shown by an ellipsis.</summary>
    public static string Plain(string text, int length) => Plain(text.Length <= length ? text : text[..(length - 1)] + "…");

    // Unicode UAX #9 §2: embeddings, overrides, isolates and marks.
    private static bool Misleads(char c) => char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u061C' or '\u2028' or '\u2029';
}
