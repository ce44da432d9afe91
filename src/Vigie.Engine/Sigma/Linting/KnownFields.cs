using System.Collections.Frozen;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>
/// The fields of log sources whose fields are settled. From the Sigma taxonomy 2.1 ("Fields"), Microsoft's documentation of Sysmon's and
/// PowerShell's events, the W3C extended log file format, Zeek's documentation of its logs, and what our formats add to them. Sources that are not here have open fields.
/// </summary>
internal static class KnownFields
{
    private const string System = "EventID Channel Provider_Name Computer ComputerName Level Task Keywords Opcode EventRecordID UserID ProcessID ThreadID Version";
    private const string Actor = "UtcTime ProcessGuid ProcessId Image User RuleName";
    private const string File = "FileVersion Description Product Company OriginalFileName Hashes md5 sha1 sha256 imphash Imphash MD5 SHA1 SHA256 IMPHASH";

    // Security 4688 and EDR sensors add to what Sysmon has.
    private const string Process = $"{System} {Actor} {File} CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser";
    private const string Target = $"{System} {Actor} TargetFilename CreationUtcTime";
    private const string Registry = $"{System} {Actor} EventType TargetObject Details NewName";

    private const string Web = "date time c-ip cs-username s-sitename s-computername s-ip s-port cs-method cs-uri cs-uri-stem cs-uri-query cs-uri-extension sc-status sc-substatus sc-win32-status c-win32-status sc-bytes cs-bytes time-taken cs-version cs-host cs-user-agent cs-cookie cs-referer cs-content-type";
    private const string Proxy = $"{Web} c-uri c-uri-extension c-uri-query c-uri-stem c-useragent cs-referrer r-dns src_ip dst_ip src_port dst_port c-port s-action s-hierarchie cs-uri-port cs-uri-scheme rs-content-type";
    private const string ZeekConnection = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p src_ip src_port dst_ip dst_port source.ip source.port destination.ip destination.port";

    private static readonly FrozenDictionary<string, FrozenSet<string>> ByCategory = Table(
        ("process_creation", Process),
        ("process_termination", $"{System} {Actor}"),
        ("process_access", $"{System} UtcTime RuleName SourceProcessGUID SourceProcessGuid SourceProcessId SourceThreadId SourceImage SourceUser TargetProcessGUID TargetProcessGuid TargetProcessId TargetImage TargetUser GrantedAccess CallTrace"),
        ("process_tampering", $"{System} {Actor} Type"),
        ("network_connection", $"{System} {Actor} Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName"),
        ("driver_load", $"{System} {File} UtcTime RuleName ImageLoaded Signed Signature SignatureStatus"),
        ("image_load", $"{System} {Actor} {File} ImageLoaded Signed Signature SignatureStatus"),
        ("create_remote_thread", $"{System} UtcTime RuleName SourceProcessGuid SourceProcessId SourceImage SourceUser TargetProcessGuid TargetProcessId TargetImage TargetUser NewThreadId StartAddress StartModule StartFunction"),
        ("raw_access_thread", $"{System} {Actor} Device"),
        ("file_event", Target),
        ("file_change", $"{Target} PreviousCreationUtcTime"),
        ("file_delete", $"{Target} {File} IsExecutable Archived"),
        ("file_delete_detected", $"{Target} {File} IsExecutable"),
        ("file_block_executable", $"{Target} {File}"),
        ("file_block_shredding", $"{Target} {File} IsExecutable"),
        ("file_executable_detected", $"{Target} {File}"),
        ("file_rename", $"{Target} SourceFilename"),
        ("create_stream_hash", $"{Target} {File} Hash Contents"),
        ("registry_event", Registry),
        ("registry_add", Registry),
        ("registry_delete", Registry),
        ("registry_set", Registry),
        ("registry_rename", Registry),
        ("pipe_created", $"{System} {Actor} EventType PipeName"),
        ("wmi_event", $"{System} UtcTime RuleName EventType Operation User EventNamespace Name Query Type Destination Consumer Filter"),
        ("dns_query", $"{System} {Actor} QueryName QueryStatus QueryResults"),
        ("clipboard_capture", $"{System} {Actor} {File} Session ClientInfo Archived"),
        ("sysmon_status", $"{System} UtcTime State Version SchemaVersion Configuration ConfigurationFileHash"),
        ("sysmon_error", $"{System} UtcTime ID Description"),
        ("ps_script", $"{System} MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path"),
        ("ps_module", $"{System} ContextInfo UserData Payload"),
        ("proxy", Proxy),
        ("webserver", $"{Web} src_ip dst_ip"),
        ("firewall", "src_ip src_port dst_ip dst_port username action blocked protocol"),
        ("antivirus", $"{System} Filename Signature Action"));

    private static readonly FrozenDictionary<string, FrozenSet<string>> ByService = Table(
        ("zeek/dns", $"{ZeekConnection} proto trans_id rtt query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected QueryName record_type answer dns.id dns.question.name dns.question.type dns.question.class dns.answers.data dns.answers.ttl dns.response.code"),
        ("zeek/smb_files", $"{ZeekConnection} fuid action path name size prev_name times.modified times.accessed times.created times.changed"),
        ("zeek/dce_rpc", $"{ZeekConnection} rtt named_pipe endpoint operation"),
        ("zeek/http", $"{ZeekConnection} {Proxy} trans_depth method host uri referrer version user_agent origin request_body_len response_body_len status_code status_msg info_code info_msg tags username password proxied orig_fuids orig_filenames orig_mime_types resp_fuids resp_filenames resp_mime_types client_header_names server_header_names"),
        ("zeek/kerberos", $"{ZeekConnection} request_type client service success error_code error_msg from till cipher forwardable renewable client_cert client_cert_subject client_cert_fuid server_cert server_cert_subject server_cert_fuid"),
        ("zeek/rdp", $"{ZeekConnection} cookie result security_protocol client_channels keyboard_layout client_build client_name client_dig_product_id desktop_width desktop_height requested_color_depth cert_type cert_count cert_permanent encryption_level encryption_method"));

    /// <summary>The fields of a source; null when they are open.</summary>
    public static FrozenSet<string>? Of(LogSource source)
    {
        if (source.Product is { } product && source.Service is { } service && ByService.TryGetValue($"{product}/{service}", out var fields)) return fields;
        if (source.Service is not null || source.Category is not { } category) return null;
        // Elsewhere than on Windows and Linux a sensor of the vendor's kind fills these categories.
        return source.Product is null or "windows" or "linux" && ByCategory.TryGetValue(category, out fields) ? fields : null;
    }

    private static FrozenDictionary<string, FrozenSet<string>> Table(params (string Name, string Fields)[] rows) =>
        rows.ToFrozenDictionary(r => r.Name, r => r.Fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
}
