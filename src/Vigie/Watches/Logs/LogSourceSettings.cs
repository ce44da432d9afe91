using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Operations;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs;

/// <summary>How a source gets its logs.</summary>
public enum LogSourceKind
{
    /// <summary>Files and folders that programs write to.</summary>
    Files,

    /// <summary>Syslog over UDP (RFC 5426).</summary>
    SyslogUdp,

    /// <summary>Syslog over TCP (RFC 6587).</summary>
    SyslogTcp,

    /// <summary>HTTP, as shippers speak to Elasticsearch (<c>_bulk</c>).</summary>
    Http,
}

/// <summary>One item of <c>logs.sources</c>.</summary>
public sealed partial record LogSourceSettings
{
    /// <summary>Its stable name: positions and counts are kept under it.</summary>
    public required string Name { get; init; }

    /// <summary>How it gets its logs.</summary>
    public required LogSourceKind Kind { get; init; }

    /// <summary>Files, folders and patterns of a <see cref="LogSourceKind.Files"/> source.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Names that are left out although a path or folder has them.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether files that are there when the source is first used are read from their end.</summary>
    public bool FromEnd { get; init; }

    /// <summary>How often files are looked at; the most a finding waits for that.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Where a network source listens.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>A file of <c>id:secret</c> lines that senders over HTTP must know one of; null where everybody who can connect may send.</summary>
    public string? KeysFile { get; init; }

    /// <summary>The most bytes one HTTP request may have, unpacked.</summary>
    public int MaxRequestBytes { get; init; } = 100_000_000;

    /// <summary>The most connections over TCP at once.</summary>
    public int MaxConnections { get; init; } = 500;

    /// <summary>The longest syslog message, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 64_000;

    /// <summary>Bytes the kernel is asked to hold for UDP while the node is busy.</summary>
    public int ReceiveBuffer { get; init; } = 32_000_000;

    /// <summary>The format's id; null where it is recognized.</summary>
    public string? Format { get; init; }

    /// <summary>The log source of events that do not show theirs.</summary>
    public LogSource Source { get; init; }

    /// <summary>The offset of time stamps that have none.</summary>
    public TimeSpan UtcOffset { get; init; }

    /// <summary>What its contents are read as.</summary>
    internal ReadAs ReadAs => new() { Format = Format, Source = Source, UtcOffset = UtcOffset };

    internal static IReadOnlyList<LogSourceSettings> ReadAll(SettingsSection section)
    {
        var sources = new List<LogSourceSettings>();
        foreach (var item in section.Sections("sources"))
        {
            var source = Read(item);
            if (sources.Exists(s => s.Name == source.Name)) item.Problem("name", $"\"{source.Name}\" is the name of another source");
            sources.Add(source);
        }

        return sources;
    }

    private static LogSourceSettings Read(SettingsSection section)
    {
        var name = section.String("name", "");
        if (!NamePattern().IsMatch(name)) section.Problem("name", "must be 1 to 40 lower-case letters, digits or hyphens");

        var kind = ReadKind(section);
        var defaults = new LogSourceSettings { Name = name, Kind = kind };
        var source = defaults with
        {
            Paths = [.. section.Strings("paths").Select(path => Path.GetFullPath(path))],
            Exclude = section.Strings("exclude"),
            FromEnd = section.Bool("fromEnd", defaults.FromEnd),
            Interval = ReadInterval(section, defaults.Interval),
            Listen = section.EndPoint("listen", DefaultListen(kind)),
            KeysFile = section.OptionalString("keysFile") is { } keys ? Path.GetFullPath(keys) : null,
            MaxRequestBytes = (int)section.Size("maxRequestBytes", defaults.MaxRequestBytes, 10_000, 1_000_000_000),
            MaxConnections = section.Int("maxConnections", defaults.MaxConnections, 1, 100_000),
            MaxMessageBytes = (int)section.Size("maxMessageBytes", defaults.MaxMessageBytes, 1_000, 8_000_000),
            ReceiveBuffer = (int)section.Size("receiveBuffer", defaults.ReceiveBuffer, 100_000, 1_000_000_000),
            Format = ReadFormat(section, kind),
            Source = new LogSource(section.OptionalString("product"), section.OptionalString("category"), section.OptionalString("service")),
            UtcOffset = ReadOffset(section),
        };
        source.Check(section);
        return source;
    }

    private void Check(SettingsSection section)
    {
        if (Kind == LogSourceKind.Files && Paths.Count == 0) section.Problem("paths", "is missing; name the files or folders to read");
        if (Kind != LogSourceKind.Http) return;
        if (KeysFile is null && !IPAddress.IsLoopback(Listen.Address))
            section.Problem("keysFile", $"is missing; {Listen} can be reached from other machines, and whoever connects could send false events");
        if (KeysFile is not null && !File.Exists(KeysFile)) section.Problem("keysFile", $"there is no file {KeysFile}");
    }

    private static LogSourceKind ReadKind(SettingsSection section)
    {
        const string key = "kind";
        switch (section.OptionalString(key))
        {
            case "files": return LogSourceKind.Files;
            case "syslog-udp": return LogSourceKind.SyslogUdp;
            case "syslog-tcp": return LogSourceKind.SyslogTcp;
            case "http": return LogSourceKind.Http;
            case null:
                section.Problem(key, "is missing; one of: files, syslog-udp, syslog-tcp, http");
                return LogSourceKind.Files;
            case var other:
                section.Problem(key, $"\"{other}\" must be one of: files, syslog-udp, syslog-tcp, http");
                return LogSourceKind.Files;
        }
    }

    private static IPEndPoint DefaultListen(LogSourceKind kind) => kind == LogSourceKind.Http
        ? new IPEndPoint(IPAddress.Loopback, 9200)
        : new IPEndPoint(IPAddress.Loopback, 5514);

    private static TimeSpan ReadInterval(SettingsSection section, TimeSpan fallback) =>
        section.OptionalString("interval") is null ? fallback : section.Duration("interval", fallback, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

    private static string? ReadFormat(SettingsSection section, LogSourceKind kind)
    {
        const string key = "format";
        if (section.OptionalString(key) is { } id && id != "auto")
        {
            if (LogFormats.Find(id) is { } format) return format.Id;
            section.Problem(key, $"\"{id}\" must be auto or one of: {string.Join(", ", LogFormats.All.Select(f => f.Id))}");
        }

        return kind switch
        {
            LogSourceKind.Files => null,
            LogSourceKind.Http => "json",
            _ => "syslog",
        };
    }

    private static TimeSpan ReadOffset(SettingsSection section)
    {
        const string key = "utcOffset";
        if (section.OptionalString(key) is not { } text) return TimeSpan.Zero;
        if (text.Length > 1 && text[0] is '+' or '-' && TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14))
            return text[0] == '-' ? -offset : offset;
        section.Problem(key, $"\"{text}\" must be an offset such as \"+01:00\" or \"-05:30\"");
        return TimeSpan.Zero;
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex NamePattern();
}
