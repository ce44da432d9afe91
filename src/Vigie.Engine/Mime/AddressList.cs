using System.Text;

namespace Vigie.Engine.Mime;

/// <summary>
/// The mailboxes of a <c>From</c>, <c>To</c>, <c>Cc</c> or <c>Sender</c> field (RFC 5322 §3.4), obsolete forms included:
/// comments, groups, display names with or without quotes, routes. Never throws; what cannot be read is left out.
/// </summary>
public static class AddressList
{
    /// <summary>The most mailboxes read from one field.</summary>
    public const int MaxMailboxes = 10_000;

    private const int MaxCommentDepth = 32;

    /// <summary>The mailboxes of a field's value, in order.</summary>
    public static IReadOnlyList<Mailbox> Parse(string value)
    {
        var found = new List<Mailbox>();
        var item = new StringBuilder();
        string? angle = null;
        var position = 0;
        while (position < value.Length && found.Count < MaxMailboxes)
        {
            switch (value[position])
            {
                case '(':
                    position = SkipComment(value, position);
                    item.Append(' ');
                    break;
                case '"':
                    position = CopyQuoted(value, position, item);
                    break;
                case '<':
                    angle = ReadAngle(value, ref position);
                    break;
                case ',' or ';':
                    Add(found, item, ref angle);
                    position++;
                    break;
                case ':':
                    // "Group name:" names nobody; its members follow, up to ';'.
                    item.Clear();
                    position++;
                    break;
                default:
                    item.Append(value[position++]);
                    break;
            }
        }

        Add(found, item, ref angle);
        return found;
    }

    private static void Add(List<Mailbox> found, StringBuilder item, ref string? angle)
    {
        var text = angle ?? Squeeze(item);
        item.Clear();
        angle = null;
        if (text.Length == 0 || found.Count >= MaxMailboxes) return;
        if (SmtpPath.TryParse(text, out var path, out _) && path.Mailbox is { Domain.Length: > 0 } mailbox) found.Add(mailbox);
    }

    // The obsolete syntax allows white space around '.' and '@'; outside quotes it means nothing.
    private static string Squeeze(StringBuilder item)
    {
        var quoted = false;
        var text = new StringBuilder(item.Length);
        for (var i = 0; i < item.Length; i++)
        {
            var c = item[i];
            if (c == '"' && (i == 0 || item[i - 1] != '\\')) quoted = !quoted;
            if (quoted || !char.IsWhiteSpace(c)) text.Append(c);
        }

        return text.ToString();
    }

    private static int SkipComment(string value, int start)
    {
        var depth = 0;
        for (var i = start; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '\\':
                    i++;
                    break;
                case '(':
                    if (++depth > MaxCommentDepth) return value.Length;
                    break;
                case ')' when --depth == 0:
                    return i + 1;
            }
        }

        return value.Length;
    }

    private static int CopyQuoted(string value, int start, StringBuilder into)
    {
        into.Append('"');
        for (var i = start + 1; i < value.Length; i++)
        {
            into.Append(value[i]);
            if (value[i] == '\\' && i + 1 < value.Length) into.Append(value[++i]);
            else if (value[i] == '"') return i + 1;
        }

        return value.Length;
    }

    private static string ReadAngle(string value, ref int position)
    {
        var start = position;
        var quoted = false;
        for (var i = start + 1; i < value.Length; i++)
        {
            if (value[i] == '\\' && quoted) i++;
            else if (value[i] == '"') quoted = !quoted;
            else if (value[i] == '>' && !quoted)
            {
                position = i + 1;
                return value[start..(i + 1)];
            }
        }

        position = value.Length;
        return "";
    }
}
