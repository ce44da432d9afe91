using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Web;

namespace Vigie.Engine.Formats.Network;

/// <summary>
/// FortiGate's log messages: <c>date=2026-11-21 time=10:20:30 devname="fw" logid="0100044547" type="event" subtype="system" …</c>
/// (FortiOS Log Message Reference, "Log field format"). All pairs become fields by their own names.
/// </summary>
internal sealed class FortigateFields
{
    private const int MaxPairs = 200;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["srcip"] = "src_ip",
        ["srcport"] = "src_port",
        ["dstip"] = "dst_ip",
        ["dstport"] = "dst_port",
        ["remip"] = "src_ip",
        ["user"] = "User",
        ["unauthuser"] = "User",
        ["devname"] = "hostname",
        ["qname"] = "query",
        ["hostname"] = "cs-host",
        ["agent"] = "c-useragent",
        ["httpmethod"] = "cs-method",
    };

    private readonly Dictionary<string, EventField> _aliases = Names.ToDictionary(n => n.Key, n => new EventField(n.Value), StringComparer.Ordinal);
    private readonly HttpFields _http = new();

    /// <summary>Whether a message is one of theirs.</summary>
    public static bool Is(ReadOnlySpan<byte> message) =>
        (message.StartsWith("date="u8) || message.StartsWith("logver="u8) || message.StartsWith("timestamp="u8)) &&
        message.IndexOf(" logid="u8) >= 0 && message.IndexOf(" type="u8) >= 0;

    /// <summary>Adds the fields, sets class and time.</summary>
    public void Add(byte[] buffer, int start, int length, TimeSpan offset, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        var pairs = new KeyValueText(text);
        ReadOnlySpan<byte> type = [];
        ReadOnlySpan<byte> subtype = [];
        ReadOnlySpan<byte> url = [];
        ReadOnlySpan<byte> host = [];
        var urlStart = 0;
        var moment = default(FortigateTime);
        var lookup = _aliases.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> characters = stackalloc char[64];
        for (var count = 0; count < MaxPairs && pairs.MoveNext(); count++)
        {
            var name = text[pairs.Name];
            var (at, size) = pairs.Value.GetOffsetAndLength(length);
            var value = text.Slice(at, size);
            var field = EventField.AddNamed(record, buffer, start + pairs.Name.Start.Value, name.Length, start + at, size);
            var known = characters[..System.Text.Encoding.ASCII.GetChars(name, characters)];
            if (lookup.TryGetValue(known, out var alias)) alias.Alias(record, field);
            moment.Take(name, value);
            if (name.SequenceEqual("type"u8)) type = value;
            else if (name.SequenceEqual("subtype"u8)) subtype = value;
            else if (name.SequenceEqual("hostname"u8)) host = value;
            else if (name.SequenceEqual("url"u8))
            {
                url = value;
                urlStart = start + at;
            }
        }

        if (!url.IsEmpty) _http.AddTarget(record, url, urlStart, host);
        if (moment.TryGet(offset, out var time)) record.Time = time;
        record.Class = ClassOf(type, subtype);
    }

    private static EventClass ClassOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> subtype)
    {
        if (type.SequenceEqual("traffic"u8)) return Traffic;
        if (type.SequenceEqual("event"u8)) return subtype.SequenceEqual("vpn"u8) ? Vpn : Event;
        if (subtype.SequenceEqual("webfilter"u8)) return Web;
        if (subtype.SequenceEqual("dns"u8)) return Dns;
        return type.SequenceEqual("utm"u8) ? Utm : Other;
    }

    private static readonly EventClass Traffic = EventClass.Of(["fortigate", "fortios"], ["traffic"], ["firewall"]);
    private static readonly EventClass Event = EventClass.Of(["fortigate", "fortios"], ["event"], []);
    private static readonly EventClass Vpn = EventClass.Of(["fortigate", "fortios"], ["event", "vpn", "sslvpnd"], ["vpn"]);
    private static readonly EventClass Web = EventClass.Of(["fortigate", "fortios"], ["utm", "webfilter"], ["proxy"]);
    private static readonly EventClass Dns = EventClass.Of(["fortigate", "fortios"], ["utm", "dns"], ["dns"]);
    private static readonly EventClass Utm = EventClass.Of(["fortigate", "fortios"], ["utm"], []);
    private static readonly EventClass Other = EventClass.Of(["fortigate", "fortios"], [], []);
}

/// <summary>The time of a FortiGate message: <c>eventtime</c> (seconds or nanoseconds since 1970), else date, time and <c>tz</c>.</summary>
internal ref struct FortigateTime
{
    private ReadOnlySpan<byte> _date;
    private ReadOnlySpan<byte> _time;
    private ReadOnlySpan<byte> _zone;
    private ReadOnlySpan<byte> _event;

    /// <summary>Takes a pair if it is one of those.</summary>
    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("date"u8)) _date = value;
        else if (name.SequenceEqual("time"u8)) _time = value;
        else if (name.SequenceEqual("tz"u8)) _zone = value;
        else if (name.SequenceEqual("eventtime"u8)) _event = value;
    }

    /// <summary>The time.</summary>
    public readonly bool TryGet(TimeSpan offset, out DateTimeOffset time)
    {
        if (_event.Length >= 10 && TimeText.TryEpoch(_event, out time)) return true;
        time = default;
        if (_date.Length != 10 || _time.Length is < 8 or > 16 || _zone.Length > 6) return false;
        Span<byte> whole = stackalloc byte[40];
        _date.CopyTo(whole);
        whole[10] = (byte)'T';
        _time.CopyTo(whole[11..]);
        _zone.CopyTo(whole[(11 + _time.Length)..]);
        return TimeText.TryIso(whole[..(11 + _time.Length + _zone.Length)], offset, out time, out _);
    }
}
