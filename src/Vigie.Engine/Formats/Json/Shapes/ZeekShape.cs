using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Zeek;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Zeek's logs in JSON: one instance for each log whose fields have further names, and one for the others. Which log it is
/// tells <c>_path</c>, else the file's name (<c>dns.log</c>), else the fields.
/// Sources: docs.zeek.org, "Zeek Log Formats and Inspection: JSON"; "Log files" (fields of each log).
/// </summary>
/// <param name="log">The log's name; empty for those without an instance of their own.</param>
/// <param name="signs">By which fields it is told.</param>
internal sealed class ZeekShape(string log, params ImmutableArray<ImmutableArray<string>> signs) : JsonShape
{
    private const int Path = 2;
    private const int Target = 3;
    private const int Host = 4;

    private static readonly string[] Logs =
    [
        "conn", "dns", "http", "ssl", "x509", "files", "ftp", "smtp", "ssh", "rdp", "smb_files", "smb_mapping", "dce_rpc", "kerberos", "ntlm", "ldap", "ldap_search",
        "dhcp", "irc", "mysql", "radius", "rfb", "sip", "snmp", "socks", "syslog", "tunnel", "weird", "notice", "intel", "pe", "modbus", "dnp3", "quic", "known_hosts",
        "known_services", "known_certs", "software", "traceroute", "ocsp", "analyzer", "websocket", "postgresql",
    ];

    private static readonly ByteKeys<EventClass> Classes = new(Logs.Select(name => new KeyValuePair<string, EventClass>(name, ZeekTaxonomy.ClassOf(name))));
    private static readonly Dictionary<string, EventClass> ByName = Logs.ToDictionary(name => name, ZeekTaxonomy.ClassOf, StringComparer.OrdinalIgnoreCase);

    private readonly EventClass _class = ZeekTaxonomy.ClassOf(log);

    /// <inheritdoc/>
    public override string Id => log.Length == 0 ? "zeek" : $"zeek.{log}";

    /// <inheritdoc/>
    public override string Title => log.Length == 0 ? "Zeek (JSON)" : $"Zeek {log} (JSON)";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = signs;

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = log == "http" ? ["ts", "_write_ts", "_path", "uri", "host"] : ["ts", "_write_ts", "_path"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => [.. ZeekTaxonomy.Aliases(log, path)];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0, 2);
        document.Record.Class = Classes.Find(document.Value(Path)) ?? ByFile(document.Options.FileName) ?? _class;
        if (log == "http") document.AddHttpTarget(Target, Host);
    }

    // dns.log, dns.00:00:00-01:00:00.log
    private static EventClass? ByFile(string fileName)
    {
        var dot = fileName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(fileName.AsSpan(0, dot), out var found) ? found : null;
    }
}
