using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>
/// Where the parts of an access log line lie. Apache's "common" and "combined" formats (mod_log_config, "Access Log"), with or
/// without the virtual host before them; nginx's predefined "combined" (ngx_http_log_module) is the same.
/// </summary>
internal readonly ref struct AccessLogLine
{
    private AccessLogLine(Range vhost, Range client, Range user, Range time, Range request, Range status, Range bytes, Range referer, Range agent, Range rest)
    {
        (VirtualHost, Client, User, Time, Request) = (vhost, client, user, time, request);
        (Status, Bytes, Referer, Agent, Rest) = (status, bytes, referer, agent, rest);
    }

    public Range VirtualHost { get; }

    public Range Client { get; }

    public Range User { get; }

    public Range Time { get; }

    /// <summary>The request line, without its quotes.</summary>
    public Range Request { get; }

    public Range Status { get; }

    public Range Bytes { get; }

    /// <summary>Empty where the line is of the common format.</summary>
    public Range Referer { get; }

    public Range Agent { get; }

    /// <summary>What an own format appends.</summary>
    public Range Rest { get; }

    /// <summary>Finds the parts; false when the line is not of the format.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out AccessLogLine parts)
    {
        parts = default;
        var open = TimeStart(line);
        if (open < 0) return false;
        var close = line[open..].IndexOf((byte)']');
        if (close is < 21 or > 40) return false;
        close += open;
        if (!TimeText.TryCommonLog(line[(open + 1)..close], out _)) return false;
        if (!TryWho(line[..open].TrimEnd((byte)' '), out var vhost, out var client, out var user)) return false;

        var at = close + 1;
        if (!TryQuoted(line, ref at, out var request) || !TryToken(line, ref at, out var status)) return false;
        if (!IsNumberOrDash(line[status])) return false;
        if (!TryToken(line, ref at, out var bytes) || !IsNumberOrDash(line[bytes])) return false;

        var beforeReferer = at;
        if (!TryQuoted(line, ref at, out var referer) || !TryQuoted(line, ref at, out var agent))
        {
            (referer, agent) = (0..0, 0..0);
            at = beforeReferer;
        }

        while (at < line.Length && line[at] == ' ') at++;
        parts = new AccessLogLine(vhost, client, user, (open + 1)..close, request, status, bytes, referer, agent, at..line.Length);
        return true;
    }

    // " [dd/Mon/yyyy:": names of users may hold brackets too.
    private static int TimeStart(ReadOnlySpan<byte> line)
    {
        for (var from = 0; ;)
        {
            var found = line[from..].IndexOf(" ["u8);
            if (found < 0) return -1;
            var open = from + found + 1;
            if (line.Length > open + 21 && line[open + 3] == '/' && line[open + 7] == '/' && line[open + 12] == ':') return open;
            from = open;
        }
    }

    // "[vhost[:port] ]client ident user"; the user may hold blanks, then what comes first decides.
    private static bool TryWho(ReadOnlySpan<byte> text, out Range vhost, out Range client, out Range user)
    {
        (vhost, client, user) = (0..0, 0..0, 0..0);
        var first = text.IndexOf((byte)' ');
        if (first <= 0) return false;
        var second = text[(first + 1)..].IndexOf((byte)' ');
        if (second < 0) return false;
        second += first + 1;
        var third = text[(second + 1)..].IndexOf((byte)' ');
        if (third >= 0 && text[(first + 1)..second].IndexOfAny((byte)'.', (byte)':') >= 0)
        {
            third += second + 1;
            (vhost, client, user) = (0..first, (first + 1)..second, (third + 1)..text.Length);
            return true;
        }

        (client, user) = (0..first, (second + 1)..text.Length);
        return second + 1 <= text.Length;
    }

    private static bool TryQuoted(ReadOnlySpan<byte> line, ref int at, out Range inside)
    {
        inside = 0..0;
        var i = at;
        while (i < line.Length && line[i] == ' ') i++;
        if (i >= line.Length || line[i] != '"') return false;
        var start = ++i;
        for (; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] == '"')
            {
                inside = start..i;
                at = i + 1;
                return true;
            }
        }

        return false;
    }

    private static bool TryToken(ReadOnlySpan<byte> line, ref int at, out Range token)
    {
        var i = at;
        while (i < line.Length && line[i] == ' ') i++;
        var start = i;
        while (i < line.Length && line[i] != ' ') i++;
        token = start..i;
        at = i;
        return i > start;
    }

    private static bool IsNumberOrDash(ReadOnlySpan<byte> text) => text.SequenceEqual("-"u8) || !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
