using System.Text;

namespace Vigie.Engine.Formats.Json;

/// <summary>
/// Objects that only wrap an array of events: <c>{"Records":[…]}</c> (CloudTrail), <c>{"value":[…]}</c> (OData),
/// <c>{"hits":{"hits":[…]}}</c> (Elasticsearch). They are opened rather than read, because they may be of any size.
/// </summary>
internal static class JsonWrapper
{
    // What may come before the array is short; an event that looks like a wrapper for longer is an event.
    private const int MaxHeader = 4096;

    private static readonly NameNode Arrays = Names(
        "Records", "records", "value", "values", "events", "Events", "items", "hits", "data", "results", "logs", "entries",
        "authlogs", "activities", "auditEvents", "response");

    private static readonly NameNode Headers = Names(
        "@odata.context", "@odata.nextLink", "@odata.count", "@odata.deltaLink", "took", "timed_out", "_shards", "_scroll_id", "pit_id",
        "num_reduce_phases", "terminated_early", "total", "max_score", "kind", "apiVersion", "metadata", "etag", "nextPageToken", "nextLink", "status", "stat",
        "pagination", "size", "limit", "start", "isLastPage", "count", "success", "page", "pagelen", "next", "links", "paging");

    /// <summary>Whether the first name of the object at <paramref name="at"/> leaves it open that it is a wrapper. Quick, and mostly no.</summary>
    public static bool MayBe(byte[] buffer, int at, int end)
    {
        at = JsonScan.SkipSpace(buffer, at + 1, end);
        if (at >= end || buffer[at] != '"') return at >= end;
        var close = JsonScan.StringEnd(buffer, at + 1, end, out _);
        if (close < 0) return close == JsonScan.Incomplete;
        return IsName(buffer.AsSpan(at + 1, close - at - 1));
    }

    /// <summary>Whether a wrapper may begin with this name.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) => Headers.Child(name) is not null || Arrays.Child(name) is not null;

    /// <summary>Whether the object at <paramref name="at"/> is a wrapper.</summary>
    /// <param name="buffer">Where the object lies.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="end">One past the last byte at hand.</param>
    /// <param name="body">One past the <c>[</c> of its array when it is.</param>
    /// <param name="depth">How many objects were entered before the array.</param>
    public static WrapperOutcome Look(byte[] buffer, int at, int end, out int body, out int depth)
    {
        body = 0;
        depth = 1;
        var limit = Math.Min(end, at + MaxHeader);
        at = JsonScan.SkipSpace(buffer, at + 1, limit);
        while (true)
        {
            if (at >= limit) return Ended(end, limit);
            if (buffer[at] != '"') return WrapperOutcome.Event;
            var close = JsonScan.StringEnd(buffer, at + 1, limit, out _);
            if (close < 0) return close == JsonScan.Incomplete ? Ended(end, limit) : WrapperOutcome.Event;
            var name = buffer.AsSpan(at + 1, close - at - 1);
            var isArray = Arrays.Child(name) is not null;
            if (!isArray && Headers.Child(name) is null) return WrapperOutcome.Event;
            at = JsonScan.SkipSpace(buffer, close + 1, limit);
            if (at < limit && buffer[at] != ':') return WrapperOutcome.Event;
            at = JsonScan.SkipSpace(buffer, at + 1, limit);
            if (at >= limit) return Ended(end, limit);
            if (isArray && buffer[at] == '[') return Body(buffer, at, end, out body);
            if (isArray && buffer[at] == '{' && depth == 1)
            {
                depth = 2;
                at = JsonScan.SkipSpace(buffer, at + 1, limit);
                continue;
            }

            var outcome = SkipValue(buffer, ref at, limit);
            if (outcome != WrapperOutcome.Opened) return outcome == WrapperOutcome.Unknown ? Ended(end, limit) : outcome;
        }
    }

    // The array of a wrapper holds objects.
    private static WrapperOutcome Body(byte[] buffer, int at, int end, out int body)
    {
        body = at + 1;
        at = JsonScan.SkipSpace(buffer, body, end);
        if (at >= end) return WrapperOutcome.Unknown;
        return buffer[at] is (byte)'{' or (byte)']' ? WrapperOutcome.Opened : WrapperOutcome.Event;
    }

    // To the name after the value; Opened when there is one.
    private static WrapperOutcome SkipValue(byte[] buffer, ref int at, int limit)
    {
        if (buffer[at] == '"')
        {
            at = JsonScan.StringEnd(buffer, at + 1, limit, out _);
            if (at < 0) return at == JsonScan.Incomplete ? WrapperOutcome.Unknown : WrapperOutcome.Event;
            at++;
        }
        else if (buffer[at] is (byte)'{' or (byte)'[')
        {
            var seek = default(DocumentEnd);
            var outcome = seek.Seek(buffer, at, limit, stopAtLine: false, out at);
            if (outcome != EndOutcome.Found) return outcome == EndOutcome.Broken ? WrapperOutcome.Event : WrapperOutcome.Unknown;
        }
        else
        {
            while (at < limit && buffer[at] is not ((byte)',' or (byte)'}' or (byte)'\n')) at++;
        }

        at = JsonScan.SkipSpace(buffer, at, limit);
        if (at >= limit) return WrapperOutcome.Unknown;
        if (buffer[at] != ',') return WrapperOutcome.Event;
        at = JsonScan.SkipSpace(buffer, at + 1, limit);
        return at < limit ? WrapperOutcome.Opened : WrapperOutcome.Unknown;
    }

    private static WrapperOutcome Ended(int end, int limit) => limit < end ? WrapperOutcome.Event : WrapperOutcome.Unknown;

    private static NameNode Names(params ReadOnlySpan<string> names)
    {
        var root = new NameNode([]);
        foreach (var name in names) root.Adopt(new NameNode(Encoding.UTF8.GetBytes(name)));
        return root;
    }
}

/// <summary>What an object turned out to be.</summary>
internal enum WrapperOutcome : byte
{
    /// <summary>An event.</summary>
    Event,

    /// <summary>A wrapper, whose array begins.</summary>
    Opened,

    /// <summary>The bytes at hand do not tell.</summary>
    Unknown,
}
