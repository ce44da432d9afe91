using System.Net;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Web;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>
/// Takes the texts of well-known programs apart: pairs of any program; who came from where (sshd, mail servers, VPN); commands (sudo, cron), which
/// are <c>process_creation</c>; packets (kernel), which are <c>firewall</c>; queries (named and others), which are <c>dns</c>.
/// </summary>
internal sealed class ProgramFields
{
    private const int MaxPairs = 64;

    private readonly Dictionary<string, EventField> _aliases = new(StringComparer.Ordinal)
    {
        ["rhost"] = new("src_ip"),
        ["rip"] = new("src_ip"),
        ["SRC"] = new("src_ip"),
        ["DST"] = new("dst_ip"),
        ["SPT"] = new("src_port"),
        ["DPT"] = new("dst_port"),
        ["PROTO"] = new("protocol"),
        ["user"] = new("User"),
        ["sasl_username"] = new("User"),
    };

    private readonly EventField _user = new("User");
    private readonly EventField _sourceUser = new("SourceUser");
    private readonly EventField _sourceIp = new("src_ip");
    private readonly EventField _sourcePort = new("src_port");
    private readonly EventField _action = new("action");
    private readonly EventField _command = new("COMMAND");
    private readonly EventField _commandLine = new("CommandLine");
    private readonly EventField _image = new("Image");
    private readonly EventField _parentImage = new("ParentImage");
    private readonly EventField _directory = new("CurrentDirectory");
    private readonly EventField _query = new("query");
    private readonly EventField _recordType = new("record_type");
    private readonly EventField _signature = new("Signature");
    private readonly EventField _filename = new("Filename");
    private readonly AccessLogFields _requests = new();
    private readonly WindowsXml _sysmon = new();

    /// <summary>Adds what the text of a program's message says.</summary>
    public void Add(ProgramKind kind, in MessageBody body, EventRecord record)
    {
        switch (kind.Text)
        {
            case ProgramText.Sudo: AddSudo(body, record); break;
            case ProgramText.Cron: AddCron(body, record); break;
            case ProgramText.Dns: AddQuery(body, record); break;
            case ProgramText.Antivirus: AddVirus(body, record); break;
            case ProgramText.Kernel: AddPacket(body, record); break;
            case ProgramText.Web when _requests.TryAdd(body.Buffer, body.Start, body.Length, record): break;
            case ProgramText.Sysmon when AddSysmon(body, record): break;
            default:
                AddPairs(body, record);
                if (kind.Text is ProgramText.Sshd or ProgramText.Mail or ProgramText.OpenVpn) AddPeer(kind.Text, body, record);
                break;
        }
    }

    // Sysmon for Linux writes its events as the XML that Windows would show (github.com/microsoft/SysmonForLinux); cut ones are read as far as they go.
    private bool AddSysmon(in MessageBody body, EventRecord record)
    {
        if (!body.Span.StartsWith("<Event>"u8) && !body.Span.StartsWith("<Event "u8)) return false;
        _sysmon.Read(record, body.Buffer, body.Start, body.Length);
        return true;
    }

    private int AddPairs(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        var pairs = new KeyValueText(text);
        var lookup = _aliases.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> name = stackalloc char[64];
        var count = 0;
        for (; count < MaxPairs && pairs.MoveNext(); count++)
        {
            var (nameStart, nameLength) = pairs.Name.GetOffsetAndLength(text.Length);
            var (start, length) = pairs.Value.GetOffsetAndLength(text.Length);
            var field = EventField.AddNamed(record, body.Buffer, body.Start + nameStart, nameLength, body.Start + start, length);
            if (length > 0 && lookup.TryGetValue(name[..Encoding.ASCII.GetChars(text[pairs.Name], name)], out var alias)) alias.Alias(record, field);
        }

        return count;
    }

    // netfilter's LOG target: "[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=192.0.2.1 DST=… LEN=60 … PROTO=TCP SPT=5000 DPT=22 …"
    private void AddPacket(in MessageBody body, EventRecord record)
    {
        AddPairs(body, record);
        var text = body.Span;
        var input = text.IndexOf("IN="u8);
        if (input < 0 || text.IndexOf(" SRC="u8) < input || text.IndexOf(" DST="u8) < 0 || text.IndexOf(" PROTO="u8) < 0) return;
        record.Class = SyslogClasses.Firewall;
        if (Verdict(text[..input]) is { Length: > 0 } verdict) _action.Derive(record, verdict);
    }

    // The prefix is the administrator's; these words are customary in it.
    private static ReadOnlySpan<byte> Verdict(ReadOnlySpan<byte> prefix)
    {
        foreach (var (word, verdict) in Verdicts)
        {
            if (ContainsIgnoreCase(prefix, word)) return verdict;
        }

        return [];
    }

    private static readonly (byte[] Word, byte[] Verdict)[] Verdicts =
    [
        ("block"u8.ToArray(), "block"u8.ToArray()), ("drop"u8.ToArray(), "drop"u8.ToArray()), ("reject"u8.ToArray(), "reject"u8.ToArray()), ("deny"u8.ToArray(), "deny"u8.ToArray()),
        ("allow"u8.ToArray(), "accept"u8.ToArray()), ("accept"u8.ToArray(), "accept"u8.ToArray()), ("forward"u8.ToArray(), "forward"u8.ToArray()),
    ];

    private static bool ContainsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var i = 0; i + word.Length <= text.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(i, word.Length), word)) return true;
        }

        return false;
    }

    // "alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id -u"; words before TTY say why it was refused.
    private void AddSudo(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        var command = text.IndexOf(" COMMAND="u8);
        var pairs = AddPairs(body with { Length = command < 0 ? body.Length : command }, record);
        var colon = text.IndexOf(" : "u8);
        if (colon > 0 && pairs > 0) _sourceUser.Add(record, body.Start, colon);
        if (command < 0) return;
        var at = command + 9;
        var field = _command.Add(record, body.Start + at, body.Length - at);
        if (colon < 0 || !text[(colon + 3)..].TrimStart((byte)' ').StartsWith("TTY="u8) && !text[(colon + 3)..].TrimStart((byte)' ').StartsWith("PWD="u8)) return;
        AddCommand(body, at, field, record);
        AliasOf("PWD"u8, _directory, text[..command], body.Start, record);
        AliasOf("USER"u8, _user, text[..command], body.Start, record);
        if (_parentImage.IsRead(record)) _parentImage.Derive(record, "/usr/bin/sudo"u8);
        record.Class = SyslogClasses.SudoCommand;
    }

    // "(root) CMD (run-parts /etc/cron.hourly)", "(alice) REPLACE (alice)"
    private void AddCron(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        var close = text.IndexOf((byte)')');
        if (!text.StartsWith("("u8) || close < 2)
        {
            AddPairs(body, record);
            return;
        }

        _user.Add(record, body.Start + 1, close - 1);
        if (!text[(close + 1)..].StartsWith(" CMD ("u8)) return;
        var at = close + 7;
        var end = text[^1] == ')' ? text.Length - 1 : text.Length;
        if (end <= at) return;
        _commandLine.Add(record, body.Start + at, end - at);
        record.Class = SyslogClasses.CronCommand;
    }

    private void AddCommand(in MessageBody body, int at, int field, EventRecord record)
    {
        _commandLine.Alias(record, field);
        var command = body.Span[at..];
        var end = command.IndexOf((byte)' ');
        _image.Add(record, body.Start + at, end < 0 ? command.Length : end);
    }

    private static void AliasOf(ReadOnlySpan<byte> name, EventField alias, ReadOnlySpan<byte> text, int start, EventRecord record)
    {
        var pairs = new KeyValueText(text);
        while (pairs.MoveNext())
        {
            if (!text[pairs.Name].SequenceEqual(name)) continue;
            var (at, length) = pairs.Value.GetOffsetAndLength(text.Length);
            alias.Add(record, start + at, length);
            return;
        }
    }

    // "Failed password for invalid user bob from 192.0.2.7 port 50000 ssh2": a name may hold anything, so the last "from" counts.
    private void AddPeer(ProgramText kind, in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        if (kind == ProgramText.Mail || kind == ProgramText.OpenVpn)
        {
            AddBracketed(text, record);
            return;
        }

        var from = text.LastIndexOf(" from "u8);
        if (from >= 0)
        {
            AddAddress(body, from + 6, record);
            AddName(body, from, record);
            return;
        }

        // "Connection closed by authenticating user bob 192.0.2.7 port 50000 [preauth]"
        var port = text.LastIndexOf(" port "u8);
        var blank = port > 0 ? text[..port].LastIndexOf((byte)' ') : -1;
        if (blank < 0) return;
        AddAddress(body, blank + 1, record);
        var user = text.IndexOf(" user "u8);
        if (user >= 0 && blank > user + 6) _user.Add(record, body.Start + user + 6, blank - user - 6);
    }

    private void AddAddress(in MessageBody body, int at, EventRecord record)
    {
        var rest = body.Span[at..];
        var end = rest.IndexOf((byte)' ');
        var address = end < 0 ? rest : rest[..end];
        if (!IPAddress.IsValidUtf8(address)) return;
        _sourceIp.Add(record, body.Start + at, address.Length);
        if (end < 0 || !rest[end..].StartsWith(" port "u8)) return;
        var port = rest[(end + 6)..];
        var length = port.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        _sourcePort.Add(record, body.Start + at + end + 6, length < 0 ? port.Length : length);
    }

    private void AddName(in MessageBody body, int from, EventRecord record)
    {
        var text = body.Span[..from];
        var at = text.IndexOf("invalid user "u8) is >= 0 and var invalid ? invalid + 13
            : text.StartsWith("Invalid user "u8) ? 13
            : text.IndexOf(" for "u8) is >= 0 and var known ? known + 5
            : text.IndexOf(" user "u8) is >= 0 and var user ? user + 6
            : -1;
        if (at >= 0 && at < from) _user.Add(record, body.Start + at, from - at);
    }

    // "unknown[192.0.2.7]: SASL LOGIN authentication failed", "[AF_INET]192.0.2.7:50000", "192.0.2.7:50000 [alice] Peer Connection Initiated", "alice/192.0.2.7:50000 MULTI: …"
    private void AddBracketed(ReadOnlySpan<byte> text, EventRecord record)
    {
        var first = text.IndexOf((byte)' ');
        var head = first < 0 ? text : text[..first];
        var slash = head.IndexOf((byte)'/');
        if (TryHost(head[(slash + 1)..], record))
        {
            if (slash > 0) _user.Derive(record, head[..slash]);
            else if (first > 0 && text[(first + 1)..] is [(byte)'[', .. var rest] && rest.IndexOf("] Peer Connection"u8) is > 0 and var close) _user.Derive(record, rest[..close]);
            return;
        }

        for (var at = text.IndexOf((byte)'['); at >= 0; at = Next(text, at, (byte)'['))
        {
            var end = text[at..].IndexOf((byte)']');
            if (end < 2) return;
            if (TryHost(text.Slice(at + 1, end - 1), record)) return;
            var after = text[(at + end + 1)..];
            var blank = after.IndexOf((byte)' ');
            if (text.Slice(at + 1, end - 1).StartsWith("AF_INET"u8) && TryHost(blank < 0 ? after : after[..blank], record)) return;
        }
    }

    private bool TryHost(ReadOnlySpan<byte> text, EventRecord record)
    {
        if (text.Length is < 3 or > 64) return false;
        var host = IPAddress.IsValidUtf8(text) ? text : HttpFields.HostOf(text);
        if (host.IsEmpty || host.IndexOfAny((byte)'.', (byte)':') < 0 || !IPAddress.IsValidUtf8(host)) return false;
        _sourceIp.Derive(record, host);
        return true;
    }

    private static int Next(ReadOnlySpan<byte> text, int at, byte wanted)
    {
        var found = text[(at + 1)..].IndexOf(wanted);
        return found < 0 ? -1 : at + 1 + found;
    }

    // BIND: "client @0x7f… 192.0.2.7#5353 (example.org): query: example.org IN A +E(0)K (192.0.2.53)"
    // dnsmasq: "query[A] example.org from 192.0.2.7"; Unbound: "info: 192.0.2.7 example.org. A IN"
    private void AddQuery(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        if (text.IndexOf("query: "u8) is >= 0 and var bind)
        {
            var client = text[..bind];
            if (client.IndexOf((byte)'#') is > 0 and var hash)
            {
                var blank = client[..hash].LastIndexOf((byte)' ') + 1;
                if (IPAddress.IsValidUtf8(client[blank..hash])) _sourceIp.Add(record, body.Start + blank, hash - blank);
            }

            AddQuestion(body, bind + 7, record, hasClass: true);
        }
        else if (text.StartsWith("query["u8) && text.IndexOf("] "u8) is > 0 and var close)
        {
            _recordType.Add(record, body.Start + 6, close - 6);
            var name = close + 2;
            var end = text[name..].IndexOf((byte)' ');
            _query.Add(record, body.Start + name, end < 0 ? text.Length - name : end);
            record.Class = SyslogClasses.DnsQuery;
            if (text.LastIndexOf(" from "u8) is > 0 and var from) AddAddress(body, from + 6, record);
        }
        else if (text.IndexOf("info: "u8) is >= 0 and var info && text[(info + 6)..].IndexOf((byte)' ') is > 0 and var space && IPAddress.IsValidUtf8(text.Slice(info + 6, space)))
        {
            _sourceIp.Add(record, body.Start + info + 6, space);
            AddQuestion(body, info + 7 + space, record, hasClass: false);
        }
        else
        {
            AddPairs(body, record);
        }
    }

    // "example.org IN A …" or "example.org. A IN"
    private void AddQuestion(in MessageBody body, int at, EventRecord record, bool hasClass)
    {
        Span<Range> words = stackalloc Range[4];
        var text = body.Span[at..];
        var count = 0;
        for (var i = 0; i < text.Length && count < 3;)
        {
            var end = text[i..].IndexOf((byte)' ');
            end = end < 0 ? text.Length : i + end;
            if (end > i) words[count++] = i..end;
            i = end + 1;
        }

        if (count < 3) return;
        var (start, length) = words[0].GetOffsetAndLength(text.Length);
        if (length > 1 && text[start + length - 1] == '.') length--;
        _query.Add(record, body.Start + at + start, length);
        var (type, typeLength) = words[hasClass ? 2 : 1].GetOffsetAndLength(text.Length);
        _recordType.Add(record, body.Start + at + type, typeLength);
        record.Class = SyslogClasses.DnsQuery;
    }

    // clamd: "/tmp/x.php: Php.Webshell-1 FOUND"
    private void AddVirus(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        if (!text.EndsWith(" FOUND"u8) || text.LastIndexOf(": "u8) is not (> 0 and var colon)) return;
        _filename.Add(record, body.Start, colon);
        _signature.Add(record, body.Start + colon + 2, text.Length - colon - 8);
        record.Class = SyslogClasses.VirusFound;
    }
}
