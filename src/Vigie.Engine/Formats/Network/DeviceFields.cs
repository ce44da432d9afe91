using System.Net;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Network;

/// <summary>Puts a <see cref="DeviceMessage"/> into fields: facility, mnemonic, who logged in from where, the command entered, the flow denied.</summary>
internal sealed class DeviceFields
{
    private static readonly HashSet<string> Accounting = new(StringComparer.Ordinal)
    {
        "PARSER", "AAA", "AAAA", "TACACS", "TPLUS", "RADIUS", "SEC_LOGIN", "LOGIN", "SYS", "MGBL-SYS", "MGBL-CONFIG", "SSH", "SSH-SERVER", "SECURITY-SSHD", "SECURITY-LOGIN",
        "HA_EM", "VSHD", "AUTHPRIV", "DAEMON", "CRYPTO", "DOT1X", "AUTHMGR", "WEBUI", "DMI", "ACCOUNTING",
    };

    private readonly EventField _facility = new("facility");
    private readonly EventField _severity = new("severity");
    private readonly EventField _mnemonic = new("mnemonic");
    private readonly EventField _command = new("command");
    private readonly EventField _user = new("User");
    private readonly EventField _sourceIp = new("src_ip");
    private readonly EventField _sourcePort = new("src_port");
    private readonly EventField _targetIp = new("dst_ip");
    private readonly EventField _targetPort = new("dst_port");
    private readonly EventField _action = new("action");
    private readonly Dictionary<string, EventClass> _classes = new(StringComparer.Ordinal);

    /// <summary>Adds the fields and sets the class.</summary>
    public void Add(byte[] buffer, int start, int length, in DeviceMessage message, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        Add(_facility, message.Facility, start, length, record);
        Add(_severity, message.Severity, start, length, record);
        Add(_mnemonic, message.Mnemonic, start, length, record);
        var isFlow = false;
        if (!message.IsHuawei)
        {
            AddCommand(text, start, message, record);
            AddLogin(text, start, message, record);
            isFlow = AddFlow(text, start, message, record);
        }

        record.Class = ClassOf(text, message, isFlow);
    }

    private EventClass ClassOf(ReadOnlySpan<byte> text, in DeviceMessage message, bool isFlow)
    {
        Span<char> key = stackalloc char[160];
        var facility = text[message.Facility];
        var used = System.Text.Encoding.ASCII.GetChars(facility[..Math.Min(facility.Length, 128)], key);
        key[used++] = message.IsHuawei ? 'h' : 'c';
        key[used++] = isFlow ? 'f' : '-';

        // Routers report a peer's wrong digest under the transport: the port says whose session it was.
        key[used++] = text[message.Start..].IndexOf(":179"u8) >= 0 ? 'b' : text[message.Start..].IndexOf(":646"u8) >= 0 || text[message.Start..].IndexOf("LDP"u8) >= 0 ? 'l' : '-';
        var lookup = _classes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(key[..used], out var known)) return known;
        var made = Make(key[..(used - 3)].ToString(), message.IsHuawei, isFlow, key[used - 1]);
        if (_classes.Count < 1024) _classes.Add(key[..used].ToString(), made);
        return made;
    }

    private static EventClass Make(string facility, bool isHuawei, bool isFlow, char session)
    {
        var services = new List<string> { "syslog" };
        if (Accounting.Contains(facility)) services.Add("aaa");
        if (session == 'b' || facility.Contains("BGP", StringComparison.Ordinal)) services.Add("bgp");
        if (session == 'l' || facility.Contains("LDP", StringComparison.Ordinal)) services.Add("ldp");
        if (facility is "ASA" or "FTD" or "PIX" or "FWSM") services.Add("asa");
        return EventClass.Of([isHuawei ? "huawei" : "cisco"], [.. services], isFlow ? ["firewall"] : []);
    }

    // "User:admin  logged command:no ip http server" (archive log config), "user:… cmd:…" (NX-OS accounting)
    private void AddCommand(ReadOnlySpan<byte> text, int start, in DeviceMessage message, EventRecord record)
    {
        var body = text[message.Message..];
        var command = body.IndexOf("logged command:"u8);
        if (command < 0) return;
        var at = message.Message + command + 15;
        _command.Add(record, start + at, text.Length - at);
        var user = body[..command].IndexOf("User:"u8);
        if (user < 0) return;
        var name = body[(user + 5)..command].Trim((byte)' ');
        if (!name.IsEmpty) _user.Derive(record, name);
    }

    // "[user: admin] [Source: 192.0.2.7] [localport: 22]", "by admin on vty0 (192.0.2.7)", "user 'admin' … from 192.0.2.7"
    private void AddLogin(ReadOnlySpan<byte> text, int start, in DeviceMessage message, EventRecord record)
    {
        var at = message.Message;
        var body = text[at..];
        if (Between(body, "[user: "u8, (byte)']') is { Length: > 0 } user) _user.Derive(record, user);
        if (Between(body, "[Source: "u8, (byte)']') is { Length: > 0 } source && IPAddress.IsValidUtf8(source)) _sourceIp.Derive(record, source);
        if (body.IndexOf(" by "u8) is >= 0 and var by && body[(by + 4)..].IndexOf(" on "u8) is > 0 and < 64 and var on)
        {
            _user.Add(record, start + at + by + 4, on);
            if (Between(body[(by + on)..], "("u8, (byte)')') is { Length: > 0 } from && IPAddress.IsValidUtf8(from)) _sourceIp.Derive(record, from);
        }
    }

    // ASA: "Deny tcp src outside:192.0.2.1/5000 dst inside:10.0.0.5/22", "Built inbound TCP connection 1 for outside:192.0.2.1/5000 (…) to inside:10.0.0.5/22 (…)"
    private bool AddFlow(ReadOnlySpan<byte> text, int start, in DeviceMessage message, EventRecord record)
    {
        var at = message.Message;
        var body = text[at..];
        var denied = body.StartsWith("Deny"u8) || body.StartsWith("denied"u8) || body.IndexOf(" denied "u8) >= 0;
        if (!denied && !body.StartsWith("Built "u8) && !body.StartsWith("Teardown "u8) && body.IndexOf(" permitted "u8) < 0) return false;
        var (from, to) = (body.IndexOf(" src "u8), body.IndexOf(" dst "u8));
        if (from < 0 || to < 0) (from, to) = (body.IndexOf(" for "u8), body.IndexOf(" to "u8) is var t and >= 0 ? t - 1 : -1);
        if (from < 0 || to < 0) return false;
        var added = AddEndpoint(body, from + 5, start + at, _sourceIp, _sourcePort, record);
        added |= AddEndpoint(body, to + 5, start + at, _targetIp, _targetPort, record);
        if (added) _action.Derive(record, denied ? "deny"u8 : "accept"u8);
        return added;
    }

    // "outside:192.0.2.1/5000"
    private static bool AddEndpoint(ReadOnlySpan<byte> body, int at, int start, EventField ip, EventField port, EventRecord record)
    {
        if (at > body.Length) return false;
        var rest = body[at..];
        var end = rest.IndexOfAny((byte)' ', (byte)'(');
        var token = end < 0 ? rest : rest[..end];
        var slash = token.LastIndexOf((byte)'/');
        var colon = token.IndexOf((byte)':') + 1;
        if (slash <= colon || !IPAddress.IsValidUtf8(token[colon..slash])) return false;
        ip.Add(record, start + at + colon, slash - colon);
        port.Add(record, start + at + slash + 1, token.Length - slash - 1);
        return true;
    }

    private static ReadOnlySpan<byte> Between(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, byte after)
    {
        var at = text.IndexOf(before);
        if (at < 0) return [];
        var rest = text[(at + before.Length)..];
        var end = rest.IndexOf(after);
        return end < 0 ? [] : rest[..end];
    }

    private static void Add(EventField name, Range where, int start, int length, EventRecord record)
    {
        var (at, size) = where.GetOffsetAndLength(length);
        if (size > 0) name.Add(record, start + at, size);
    }
}
