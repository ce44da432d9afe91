using System.Net;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>What happens to mail that could not be checked (<c>mail.onFailure</c>).</summary>
public enum FailurePolicy
{
    /// <summary>The MTA is told to try again later and keeps the mail.</summary>
    TempFail,

    /// <summary>The mail passes unchecked.</summary>
    Accept,
}

/// <summary>The <c>mail.milter:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record MilterSettings
{
    /// <summary>TCP end point; null for none. Milter traffic is neither authenticated nor encrypted: keep it on loopback or a private network.</summary>
    public IPEndPoint? Tcp { get; init; } = new(System.Net.IPAddress.Loopback, 8892);

    /// <summary>Absolute path of the unix socket; null for none.</summary>
    public string? UnixPath { get; init; }

    /// <summary>Permissions of the unix socket: whoever may write to it may use the milter.</summary>
    public UnixFileMode UnixMode { get; init; } = DefaultUnixMode;

    /// <summary>Group that owns the unix socket, such as <c>postfix</c>; null keeps the process's own.</summary>
    public string? UnixGroup { get; init; }

    /// <summary>The answer where a session fails, takes too long or cannot be had.</summary>
    public FailurePolicy OnFailure { get; init; }

    public MilterLimits Limits { get; init; } = new();

    public MilterTimeouts Timeouts { get; init; } = new();

    internal const UnixFileMode DefaultUnixMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    // sun_path of unix(7) is 108 bytes with its NUL; some systems have 104.
    private const int MaxUnixPath = 103;

    internal static MilterSettings Read(SettingsSection section, string dataDirectory, FailurePolicy onFailure)
    {
        var defaults = new MilterSettings();
        var settings = new MilterSettings
        {
            Tcp = section.String("tcp", "") == "off" ? null : section.EndPoint("tcp", defaults.Tcp!),
            UnixPath = ReadUnixPath(section, dataDirectory),
            UnixMode = ReadMode(section),
            UnixGroup = section.OptionalString("unixGroup"),
            OnFailure = onFailure,
            Limits = MilterLimits.Read(section.Section("limits")),
            Timeouts = MilterTimeouts.Read(section.Section("timeouts")),
        };
        if (settings is { Tcp: null, UnixPath: null }) section.Problem("tcp", "is off and so is \"unix\": the milter would listen nowhere");
        if (settings.UnixGroup is { } group && UnixGroups.Find(group) is null) section.Problem("unixGroup", $"\"{group}\" is not a group of this machine");
        return settings;
    }

    private static string? ReadUnixPath(SettingsSection section, string dataDirectory)
    {
        var path = section.String("unix", "milter.sock");
        if (path == "off") return null;
        path = Path.GetFullPath(path, dataDirectory);
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= MaxUnixPath) return path;

        // The default must work wherever the data folder is; a path that somebody chose must not be dropped silently.
        if (section.OptionalString("unix") is null) return null;
        section.Problem("unix", $"\"{path}\" is longer than the {MaxUnixPath} bytes a unix socket's path may have");
        return null;
    }

    private static UnixFileMode ReadMode(SettingsSection section)
    {
        if (section.OptionalString("unixMode") is not { } text) return DefaultUnixMode;
        if (text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7') && Convert.ToInt32(text, 8) is var mode and <= 0x1FF) return (UnixFileMode)mode;
        section.Problem("unixMode", $"\"{text}\" must be permissions in octal, such as 0660");
        return DefaultUnixMode;
    }
}

/// <summary>What one peer can make the milter keep (<c>mail.milter.limits:</c>).</summary>
public sealed record MilterLimits
{
    /// <summary>Data bytes of one packet; what libmilter takes (MILTER_MAX_DATA_SIZE). Postfix keeps below it: body in pieces of 65,535 bytes, header fields cut at 60,000.</summary>
    public int PacketBytes { get; init; } = 65_535;

    /// <summary>Connections served at once; the next ones are answered by the policy on failure, and past twice as many closed at once.</summary>
    public int Sessions { get; init; } = 4096;

    /// <summary>Recipients of one message; further ones are answered 452 4.5.3 (RFC 5321 §4.5.3.1.10).</summary>
    public int Recipients { get; init; } = 10_000;

    /// <summary>Header fields of one message that the session sees.</summary>
    public int Headers { get; init; } = 1_000;

    /// <summary>Bytes of header fields of one message that the session sees.</summary>
    public long HeaderBytes { get; init; } = 1_000_000;

    /// <summary>Bytes of one message's body that the session sees.</summary>
    public long BodyBytes { get; init; } = 50_000_000;

    /// <summary>Messages over one connection; further ones are answered 421.</summary>
    public int Messages { get; init; } = 100_000;

    internal static MilterLimits Read(SettingsSection section)
    {
        var defaults = new MilterLimits();
        return new MilterLimits
        {
            PacketBytes = (int)section.Size("packet", defaults.PacketBytes, 65_535, 16_000_000),
            Sessions = section.Int("sessions", defaults.Sessions, 1, 100_000),
            Recipients = section.Int("recipients", defaults.Recipients, 1, 1_000_000),
            Headers = section.Int("headers", defaults.Headers, 1, 1_000_000),
            HeaderBytes = section.Size("headerBytes", defaults.HeaderBytes, 1_000, 1_000_000_000),
            BodyBytes = section.Size("bodyBytes", defaults.BodyBytes, 0, 10_000_000_000),
            Messages = section.Int("messages", defaults.Messages, 1, int.MaxValue),
        };
    }
}

/// <summary>How long things may take (<c>mail.milter.timeouts:</c>).</summary>
public sealed record MilterTimeouts
{
    /// <summary>Silence of the MTA between packets. Long, because a sender on a poor line may take hours over DATA, during which the MTA is silent.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(2);

    /// <summary>From the first byte of a packet to its last, from connecting to the offer, and for the MTA to take an answer.</summary>
    public TimeSpan Packet { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A session's answer to a step; below Postfix's milter_command_timeout of 30 s.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>A session's verdict at the end of a message; below Postfix's milter_content_timeout of 300 s.</summary>
    public TimeSpan EndOfMessage { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>How often the MTA is told that a verdict is still being worked on.</summary>
    public TimeSpan Progress { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long messages under way may take to end when the node stops.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    internal static MilterTimeouts Read(SettingsSection section)
    {
        var defaults = new MilterTimeouts();
        var second = TimeSpan.FromSeconds(1);
        return new MilterTimeouts
        {
            Idle = section.Duration("idle", defaults.Idle, second, TimeSpan.FromDays(7)),
            Packet = section.Duration("packet", defaults.Packet, second, TimeSpan.FromHours(1)),
            Command = section.Duration("command", defaults.Command, second, TimeSpan.FromHours(1)),
            EndOfMessage = section.Duration("endOfMessage", defaults.EndOfMessage, second, TimeSpan.FromHours(1)),
            Progress = section.Duration("progress", defaults.Progress, second, TimeSpan.FromHours(1)),
            Drain = section.Duration("drain", defaults.Drain, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        };
    }
}
