using System.Text;

namespace Vigie.Engine.Mime;

/// <summary>A mailbox, <c>local-part@domain</c>, as RFC 5321 §4.1.2 and RFC 6531 (SMTPUTF8) define it.</summary>
/// <param name="LocalPart">The local part as it is meant, without the quotes and backslashes it may be written with; never empty.</param>
/// <param name="Domain">
/// The domain as written: A-labels, U-labels, or an address literal with its brackets. Empty where the address has none,
/// which SMTP allows for <c>postmaster</c> and which an MTA completes with its own domain.
/// </param>
public sealed record Mailbox(string LocalPart, string Domain)
{
    /// <summary>The most characters of an address that is read at all: RFC 5321 §4.5.3.1.3 allows 256 octets for a path; the rest is tolerance.</summary>
    public const int MaxLength = 1024;

    /// <summary>Whether the domain is an address literal such as <c>[192.0.2.1]</c> (RFC 5321 §4.1.3).</summary>
    public bool IsAddressLiteral => Domain.StartsWith('[');

    /// <summary>The local part without an address extension: <c>jane</c> for <c>jane+travel</c>.</summary>
    /// <param name="delimiters">The characters that begin an extension (Postfix: <c>recipient_delimiter</c>).</param>
    public string WithoutExtension(string delimiters)
    {
        // As in Postfix: owner-list and list-request are not extensions, and an extension never leaves an empty name.
        if (LocalPart.StartsWith("owner-", StringComparison.OrdinalIgnoreCase) ||
            LocalPart.EndsWith("-request", StringComparison.OrdinalIgnoreCase))
        {
            return LocalPart;
        }

        var at = LocalPart.AsSpan().IndexOfAny(delimiters);
        return at > 0 ? LocalPart[..at] : LocalPart;
    }

    /// <summary>The address as it is written in SMTP, with the local part quoted where it has to be.</summary>
    public override string ToString()
    {
        var local = IsDotString(LocalPart) ? LocalPart : Quote(LocalPart);
        return Domain.Length == 0 ? local : $"{local}@{Domain}";
    }

    internal static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || c >= 0x80 || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);

    // RFC 5321 §4.1.2 Dot-string; RFC 6531 §3.3 adds everything beyond ASCII to atext.
    private static bool IsDotString(string text)
    {
        var atomStart = true;
        foreach (var c in text)
        {
            if (c == '.')
            {
                if (atomStart) return false;
                atomStart = true;
                continue;
            }

            if (!IsAtomText(c)) return false;
            atomStart = false;
        }

        return !atomStart;
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
