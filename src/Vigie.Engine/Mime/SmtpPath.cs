using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vigie.Engine.Mime;

/// <summary>The argument of <c>MAIL FROM</c> and <c>RCPT TO</c>: a mailbox, or nothing at all for a bounce (RFC 5321 §4.1.2).</summary>
public readonly record struct SmtpPath
{
    private SmtpPath(Mailbox? mailbox) => Mailbox = mailbox;

    /// <summary>The mailbox; null for the null path <c>&lt;&gt;</c>.</summary>
    public Mailbox? Mailbox { get; }

    /// <summary>Whether this is the null path of bounces.</summary>
    public bool IsNull => Mailbox is null;

    /// <summary>
    /// Reads a path, with or without its angle brackets. A source route (<c>@a,@b:user@c</c>) is dropped, as RFC 5321
    /// §4.1.1.3 tells a server to do. Tolerant of what mail servers let through (dots in odd places, any text as domain):
    /// the question here is where the mail goes, not whether it is well written.
    /// </summary>
    /// <param name="text">The path.</param>
    /// <param name="path">What was read.</param>
    /// <param name="problem">Why it could not be read.</param>
    /// <returns>False where no one destination can be read from the text.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SmtpPath path, [NotNullWhen(false)] out string? problem)
    {
        path = default;
        problem = null;
        text = text.Trim(' ');
        if (text.Length > Mime.Mailbox.MaxLength) return Fail("is too long", out problem);
        if (text.IndexOfAnyInRange('\0', '\x1f') >= 0 || text.Contains('\x7f')) return Fail("holds a control character", out problem);

        if (text.StartsWith("<"))
        {
            if (!text.EndsWith(">")) return Fail("has no closing >", out problem);
            text = text[1..^1].Trim(' ');
            if (text.IsEmpty) return true;
        }

        if (text.IsEmpty) return Fail("is empty", out problem);
        if (!TryDropRoute(ref text)) return Fail("has a source route without end", out problem);
        if (!TryReadLocalPart(ref text, out var local, out problem)) return false;

        if (text.IsEmpty)
        {
            path = new SmtpPath(new Mailbox(local, ""));
            return true;
        }

        // What follows the local part is '@' and the domain, and a domain has no '@' of its own.
        var domain = text[1..].Trim(' ').TrimEnd('.');
        if (domain.IsEmpty) return Fail("has an empty domain", out problem);
        if (domain.IndexOfAny("@<>\" ") >= 0) return Fail("has a domain no mail can go to", out problem);
        if (domain[0] == '[' != (domain[^1] == ']')) return Fail("has an address literal without end", out problem);

        path = new SmtpPath(new Mailbox(local, domain.ToString()));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Mailbox is null ? "<>" : $"<{Mailbox}>";

    private static bool Fail(string reason, out string problem)
    {
        problem = reason;
        return false;
    }

    private static bool TryDropRoute(ref ReadOnlySpan<char> text)
    {
        if (text[0] != '@') return true;
        var colon = text.IndexOf(':');
        if (colon < 0 || colon == text.Length - 1) return false;
        text = text[(colon + 1)..].Trim(' ');
        return !text.IsEmpty && text[0] != '@';
    }

    // Afterwards the text is empty or begins with the '@' before the domain.
    private static bool TryReadLocalPart(ref ReadOnlySpan<char> text, out string local, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        local = "";
        if (text[0] == '"')
        {
            if (!TryReadQuoted(ref text, out local)) return Fail("has a quoted part without end", out problem);
            if (local.Length == 0) return Fail("has an empty local part", out problem);
            return text.IsEmpty || text[0] == '@' || Fail("has text after its quoted part", out problem);
        }

        // The last '@' divides: an unquoted local part with an '@' in it is not legal, but the domain is still plain.
        var at = text.LastIndexOf('@');
        var name = at < 0 ? text : text[..at];
        if (name.IsEmpty) return Fail("has an empty local part", out problem);
        if (name.IndexOfAny("<>\"") >= 0) return Fail("has an unquoted mark in its local part", out problem);
        local = name.ToString();
        text = at < 0 ? [] : text[at..];
        return true;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<char> text, out string content)
    {
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                value.Append(text[++i]);
            }
            else if (text[i] == '"')
            {
                content = value.ToString();
                text = text[(i + 1)..];
                return true;
            }
            else
            {
                value.Append(text[i]);
            }
        }

        content = "";
        return false;
    }
}
