using System.Text;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>The names of one line, as they stand there.</summary>
internal sealed class LineNames
{
    /// <summary>The most names one line gives; a certificate has at most a few hundred.</summary>
    public const int Most = 10_000;

    private readonly List<string> _names = [];

    public IReadOnlyList<string> Names => _names;

    /// <summary>When what the line tells happened; null where it does not say.</summary>
    public DateTimeOffset? Time { get; set; }

    /// <summary>What is wrong with the line; null where it is good.</summary>
    public string? Problem { get; set; }

    public void Clear()
    {
        _names.Clear();
        Time = null;
        Problem = null;
    }

    /// <summary>Takes one name; a leading <c>*.</c> stands for any name beneath and is left out.</summary>
    public void Add(ReadOnlySpan<char> name)
    {
        name = name.Trim();
        if (name.StartsWith("*.", StringComparison.Ordinal)) name = name[2..];
        // What is longer is no name; normalizing says so, and the sample stays short.
        if (name.Length > 300) name = name[..300];
        if (!name.IsEmpty && _names.Count < Most) _names.Add(name.ToString());
    }
}

/// <summary>Takes the names out of the lines of one text. Never throws on what a line holds.</summary>
internal interface INameFormat
{
    /// <summary>Called when a text is opened, wherever reading goes on, with its first line.</summary>
    void Begin(ReadOnlySpan<byte> firstLine);

    /// <summary>Reads one line.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="isFirst">Whether it is the text's first.</param>
    /// <param name="names">Empty before the call.</param>
    void Read(ReadOnlySpan<byte> line, bool isFirst, LineNames names);
}

/// <summary>Makes the format of a feed.</summary>
internal static class NameFormat
{
    public static INameFormat Of(FeedSettings feed) => feed.Format switch
    {
        FeedFormat.List => new ListFormat(),
        FeedFormat.Csv => new CsvFormat(feed.Column),
        FeedFormat.Ct => new CertificateFormat(),
        _ => new AutoFormat(feed.Column),
    };
}

/// <summary>Each line as it looks.</summary>
internal sealed class AutoFormat(string column) : INameFormat
{
    private readonly ListFormat _list = new();
    private readonly CsvFormat _csv = new(column);
    private readonly CertificateFormat _certificates = new();

    public void Begin(ReadOnlySpan<byte> firstLine) => _csv.Begin(firstLine);

    public void Read(ReadOnlySpan<byte> line, bool isFirst, LineNames names)
    {
        var text = line.TrimStart(" \t"u8);
        if (text.IsEmpty || text[0] == '#') return;
        INameFormat format = text[0] is (byte)'{' or (byte)'[' ? _certificates : line.IndexOfAny(",;\t"u8) >= 0 ? _csv : _list;
        format.Read(line, isFirst, names);
    }
}

/// <summary>One name a line; <c>#</c> starts a comment.</summary>
internal sealed class ListFormat : INameFormat
{
    public void Begin(ReadOnlySpan<byte> firstLine)
    {
    }

    public void Read(ReadOnlySpan<byte> line, bool isFirst, LineNames names)
    {
        var comment = line.IndexOf((byte)'#');
        if (comment >= 0) line = line[..comment];
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty) return;
        if (line.IndexOfAny(" \t"u8) >= 0) names.Problem = "more than a name on the line";
        else names.Add(Encoding.UTF8.GetString(line));
    }
}

/// <summary>
/// Values separated by comma, semicolon or tab, in RFC 4180 quotes where they need them. Records end with the line:
/// a quoted line end makes the line malformed.
/// </summary>
internal sealed class CsvFormat(string column) : INameFormat
{
    private const int MaxColumns = 1000;

    private readonly int? _number = int.TryParse(column, out var number) && number is >= 1 and <= MaxColumns ? number - 1 : null;
    private int? _byHeading;
    private byte _separator = (byte)',';

    public void Begin(ReadOnlySpan<byte> firstLine)
    {
        _separator = Separator(firstLine);
        _byHeading = null;
        for (var i = 0; _number is null && _byHeading is null && i < MaxColumns && TryField(firstLine, i, out var heading); i++)
            if (heading.Trim().Equals(column, StringComparison.OrdinalIgnoreCase)) _byHeading = i;
    }

    public void Read(ReadOnlySpan<byte> line, bool isFirst, LineNames names)
    {
        if (line.Trim(" \t\r"u8).IsEmpty) return;
        if ((_number ?? _byHeading) is not { } index)
        {
            names.Problem = $"the first line has no column \"{column}\"";
            return;
        }

        if (isFirst && IsHeading(line, index)) return;
        if (TryField(line, index, out var field)) names.Add(field);
        else names.Problem = $"no column {index + 1}, or its quotes do not close";
    }

    // A heading is no name: names have a dot.
    private bool IsHeading(ReadOnlySpan<byte> line, int index) =>
        _byHeading is not null || (TryField(line, index, out var field) && !field.Contains('.', StringComparison.Ordinal));

    private static byte Separator(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOfAny(",;\t"u8);
        return at < 0 ? (byte)',' : line[at];
    }

    private bool TryField(ReadOnlySpan<byte> line, int index, out string field)
    {
        field = "";
        for (var i = 0; ; i++)
        {
            if (!TryReadField(ref line, i == index, out var text, out var more)) return false;
            if (i == index)
            {
                field = text ?? "";
                return true;
            }

            if (!more) return false;
        }
    }

    // Takes one field off the line; its text is made only where it is wanted.
    private bool TryReadField(ref ReadOnlySpan<byte> line, bool wanted, out string? text, out bool more)
    {
        text = null;
        if (line.IsEmpty || line[0] != '"')
        {
            var end = line.IndexOf(_separator);
            var field = end < 0 ? line : line[..end];
            if (wanted) text = Encoding.UTF8.GetString(field);
            more = end >= 0;
            line = end < 0 ? [] : line[(end + 1)..];
            return true;
        }

        more = false;
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] != '"') continue;
            if (i + 1 < line.Length && line[i + 1] == '"')
            {
                i++;
                continue;
            }

            if (i + 1 < line.Length && line[i + 1] != _separator) return false;
            if (wanted) text = Encoding.UTF8.GetString(line[1..i]).Replace("\"\"", "\"", StringComparison.Ordinal);
            more = i + 1 < line.Length;
            line = more ? line[(i + 2)..] : [];
            return true;
        }

        return false;
    }
}
