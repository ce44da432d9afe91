using System.Globalization;
using System.Text;
using Vigie.Engine.Mime;

namespace Vigie.Watches.Mail;

/// <summary>Makes text safe to stand in an SMTP reply: ASCII (RFC 5321 §4.2 without SMTPUTF8), one line, short.</summary>
internal static class SmtpText
{
    /// <summary>The longest text of one reply line: with code, enhanced code and CR LF it stays below the 512 octets of RFC 5321 §4.5.3.1.5.</summary>
    public const int MaxLine = 480;

    private const int MaxAddress = 120;

    /// <summary>The text without accents, control characters and what else ASCII has not, cut at a word where it is too long.</summary>
    public static string Line(string text)
    {
        var line = Ascii(text);
        if (line.Length <= MaxLine) return line;
        var cut = line.LastIndexOf(' ', MaxLine - 4);
        return string.Concat(line.AsSpan(0, cut > MaxLine / 2 ? cut : MaxLine - 4), " ...");
    }

    /// <summary>An address to be shown; null where it cannot be written in ASCII or is too long to be of use.</summary>
    public static string? Address(Mailbox mailbox)
    {
        var text = mailbox.ToString();
        return text.Length <= MaxAddress && System.Text.Ascii.IsValid(text) && !text.Any(char.IsControl) ? text : null;
    }

    private static string Ascii(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            plain.Append(c switch
            {
                '\u2019' or '\u2018' => '\'',
                '\u00ab' or '\u00bb' or '\u201c' or '\u201d' => '"',
                '\u2013' or '\u2014' or '\u2011' => '-',
                '\u00a0' or '\u202f' => ' ',
                '\u2026' => '.',
                < ' ' or '\x7f' => ' ',
                > '\x7f' => '?',
                _ => c,
            });
        }

        return plain.ToString();
    }
}
