using Vigie.Engine.Events;
using Vigie.Engine.Formats.Csv;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Web;

namespace Vigie.Engine.Formats.Network;

/// <summary>
/// PAN-OS log messages: CSV whose fourth field names the kind (PAN-OS Administrator's Guide, "Syslog Field Descriptions"). The
/// first fields are the same for all kinds; of the kinds that rules read, the further ones get their documented names in lower case.
/// </summary>
internal sealed class PaloAltoFields
{
    private const int MaxFields = 128;

    private static readonly string[] Start = ["future_use", "receive_time", "serial", "type", "subtype", "future_use2", "time_generated"];

    private static readonly string[] Session =
    [
        .. Start, "src_ip", "dst_ip", "nat_src_ip", "nat_dst_ip", "rule", "src_user", "dst_user", "app", "vsys", "from_zone", "to_zone", "inbound_if", "outbound_if", "log_action", "future_use3",
        "session_id", "repeat_count", "src_port", "dst_port", "nat_src_port", "nat_dst_port", "flags", "protocol", "action",
    ];

    private static readonly string[] Traffic = [.. Session, "bytes", "bytes_sent", "bytes_received", "packets", "start", "elapsed", "url_category"];
    private static readonly string[] Threat = [.. Session, "url", "threat_id", "url_category", "severity", "direction", "sequence", "action_flags", "src_country", "dst_country", "future_use4", "content_type"];
    private static readonly string[] System = [.. Start, "vsys", "event_id", "object", "future_use3", "future_use4", "module", "severity", "description"];
    private static readonly string[] Config = [.. Start, "host", "vsys", "command", "admin", "client", "result", "path"];
    private static readonly string[] Global = [.. Start, "vsys", "event_id", "stage", "auth_method", "tunnel_type", "src_user", "src_country", "machine", "public_ip", "public_ip6", "private_ip", "private_ip6", "host_id", "serial_number", "client_version", "client_os", "client_os_version", "repeat_count", "reason", "error", "opaque", "status", "location"];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["src_user"] = "User",
        ["admin"] = "User",
        ["client"] = "src_ip",
        ["public_ip"] = "src_ip",
    };

    private readonly Dictionary<string, EventField> _fields = new(StringComparer.Ordinal);
    private readonly HttpFields _http = new();
    private byte[] _unquoted = new byte[256];

    /// <summary>Whether a message is one of theirs: a small number, a date with slashes, a serial, a kind.</summary>
    public static bool Is(ReadOnlySpan<byte> message) =>
        message.Length > 24 && message[0] is >= (byte)'0' and <= (byte)'9' && message[1] == ',' && message[6] == '/' && message[9] == '/' && message[12] == ' ' && message[21] == ',';

    /// <summary>Adds the fields, sets class and time.</summary>
    public void Add(byte[] buffer, int start, int length, TimeSpan offset, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        var names = Start;
        for (int at = 0, i = 0; at <= length && i < MaxFields; i++)
        {
            var field = CsvField.Next(text, at, (byte)',', out at);
            var value = text.Slice(field.Start, field.Length);
            var where = start + field.Start;
            if (field.HasEscapes)
            {
                if (_unquoted.Length < value.Length) _unquoted = new byte[value.Length];
                value = _unquoted.AsSpan(0, CsvField.Unquote(value, _unquoted));
                where = record.Write(value);
            }

            if (i == 3) names = Kind(value, record);
            if (i == 6 && TimeText.TryIso(value, offset, out var time, out _)) record.Time = time;
            if (i >= names.Length) continue;
            if (value.IsEmpty) continue;
            var index = Field(names[i]).Add(record, where, value.Length);
            if (Aliases.TryGetValue(names[i], out var alias)) Field(alias).Alias(record, index);
            if (names[i] == "url" && ReferenceEquals(record.Class, Url)) _http.AddTarget(record, value, where, []);
        }
    }

    private static string[] Kind(ReadOnlySpan<byte> type, EventRecord record)
    {
        (var names, record.Class) = type switch
        {
            var t when t.SequenceEqual("TRAFFIC"u8) => (Traffic, Firewall),
            var t when t.SequenceEqual("THREAT"u8) => (Threat, Url),
            var t when t.SequenceEqual("SYSTEM"u8) => (System, SystemClass),
            var t when t.SequenceEqual("CONFIG"u8) => (Config, ConfigClass),
            var t when t.SequenceEqual("GLOBALPROTECT"u8) => (Global, Protect),
            _ => (Start, Other),
        };
        return names;
    }

    private EventField Field(string name)
    {
        if (!_fields.TryGetValue(name, out var field)) _fields.Add(name, field = new EventField(name));
        return field;
    }

    private static readonly EventClass Firewall = EventClass.Of(["paloalto"], ["traffic"], ["firewall"]);
    private static readonly EventClass Url = EventClass.Of(["paloalto"], ["threat"], ["proxy", "firewall"]);
    private static readonly EventClass SystemClass = EventClass.Of(["paloalto"], ["system", "globalprotect"], ["appliance"]);
    private static readonly EventClass ConfigClass = EventClass.Of(["paloalto"], ["config"], ["appliance"]);
    private static readonly EventClass Protect = EventClass.Of(["paloalto"], ["globalprotect"], ["appliance", "vpn"]);
    private static readonly EventClass Other = EventClass.Of(["paloalto"], [], ["appliance"]);
}
