using System.Buffers;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Syslog;

namespace Vigie.Engine.Formats.Network;

/// <summary>
/// A message of Cisco's and Huawei's devices: <c>%FACILITY-SEVERITY-MNEMONIC: text</c> (Cisco IOS "System Message Format"; ASA, NX-OS and
/// IOS XR alike) or <c>%%01MODULE/SEVERITY/MNEMONIC(l)[n]:text</c> (Huawei VRP). Before it stand, in any order a device or relay
/// likes: priority, host, sequence number, time. Anything else there, such as a program's tag, means that the text only quotes one.
/// </summary>
internal struct DeviceMessage
{
    private const int MaxTokens = 12;

    private static readonly SearchValues<byte> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    /// <summary>Facility × 8 + severity of the syslog header, or -1.</summary>
    public int Priority;

    /// <summary>When, UTC.</summary>
    public DateTimeOffset? Time;

    /// <summary>The device or the relay; empty when not said.</summary>
    public Range Host;

    /// <summary>Where the percent sign stands.</summary>
    public int Start;

    /// <summary><c>SEC_LOGIN</c>, <c>ASA</c>, <c>BGP</c>.</summary>
    public Range Facility;

    /// <summary>0 to 7.</summary>
    public Range Severity;

    /// <summary><c>LOGIN_FAILED</c>, <c>106023</c>.</summary>
    public Range Mnemonic;

    /// <summary>Where the text after the colon begins.</summary>
    public int Message;

    /// <summary>Whether it is of Huawei's form.</summary>
    public bool IsHuawei;

    /// <summary>Reads a whole line or message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, SyslogTime time, out DeviceMessage message)
    {
        message = new DeviceMessage { Priority = -1 };
        if (text[..Math.Min(text.Length, 300)].IndexOf((byte)'%') < 0) return false;
        var at = 0;
        if (text.StartsWith("<"u8) && text[..Math.Min(5, text.Length)].IndexOf((byte)'>') is > 1 and var close && TimeText.TryDigits(text[1..close], out var priority))
        {
            message.Priority = priority;
            at = close + 1;
        }

        var isRouterNode = false;
        for (var tokens = 0; tokens < MaxTokens && at < text.Length; tokens++)
        {
            while (at < text.Length && text[at] == ' ') at++;
            if (at >= text.Length) return false;
            if (text[at] == '%') return message.TryMnemonic(text, at);
            if (!message.TakeToken(text, ref at, time, ref isRouterNode)) return false;
        }

        return false;
    }

    private bool TakeToken(ReadOnlySpan<byte> text, ref int at, SyslogTime time, ref bool isRouterNode)
    {
        if (time.TryRead(text[at..], out var read, out var taken))
        {
            Time ??= read;
            at += taken;
            if (at < text.Length && text[at] == ':') at++;
            return true;
        }

        var end = text[at..].IndexOf((byte)' ');
        if (end <= 0) return false;
        var token = text.Slice(at, end);

        // IOS XR: "RP/0/RSP0/CPU0:Nov 21 10:20:30.123 UTC: config[65710]: %…"
        if (token.Contains((byte)'/') && token.IndexOf((byte)':') is > 0 and var colon && (token.StartsWith("RP/"u8) || token.StartsWith("LC/"u8)))
        {
            isRouterNode = true;
            at += colon + 1;
            return true;
        }

        at += end;
        if (token is [(byte)':'] || IsSequence(token) || IsZone(token)) return true;
        if (isRouterNode && token[^1] == ':' && token[^2] == ']') return true;
        if (Host.End.Value > Host.Start.Value || token.Contains((byte)'[') || token.Length > 255) return false;
        Host = (at - end)..(at - (token[^1] == ':' ? 1 : 0));
        return true;
    }

    private bool TryMnemonic(ReadOnlySpan<byte> text, int at)
    {
        Start = at;
        return text[at..].StartsWith("%%"u8) ? TryHuawei(text, at) : TryCisco(text, at + 1);
    }

    // FACILITY may have parts of its own ("MGBL-SYS"); the severity is the part of one digit.
    private bool TryCisco(ReadOnlySpan<byte> text, int at)
    {
        var facility = at;
        while (true)
        {
            var length = text[at..].IndexOfAnyExcept(Upper);
            if (length <= 0 || text[at + length] != '-') return false;
            var next = at + length + 1;
            if (next + 1 < text.Length && text[next] is >= (byte)'0' and <= (byte)'7' && text[next + 1] == '-')
            {
                Facility = facility..(at + length);
                Severity = next..(next + 1);
                var mnemonic = next + 2;
                var end = text[mnemonic..].IndexOfAnyExcept(Upper);
                if (end <= 0) return false;
                Mnemonic = mnemonic..(mnemonic + end);
                Message = AfterColon(text, mnemonic + end);
                return true;
            }

            at = next;
            if (at - facility > 64) return false;
        }
    }

    // "%%01BGP/3/BGP_AUTH_FAILED(l)[0]:text"
    private bool TryHuawei(ReadOnlySpan<byte> text, int at)
    {
        at += 2;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
        var slash = text[at..].IndexOf((byte)'/');
        if (slash is <= 0 or > 32 || at + slash + 3 >= text.Length || text[at + slash + 2] != '/') return false;
        Facility = at..(at + slash);
        Severity = (at + slash + 1)..(at + slash + 2);
        var mnemonic = at + slash + 3;
        var end = text[mnemonic..].IndexOfAny((byte)'(', (byte)'[', (byte)':');
        if (end <= 0) return false;
        Mnemonic = mnemonic..(mnemonic + end);
        IsHuawei = true;
        Message = AfterColon(text, mnemonic + end);
        return true;
    }

    private static int AfterColon(ReadOnlySpan<byte> text, int at)
    {
        var colon = text[at..].IndexOf((byte)':');
        if (colon is < 0 or > 32) return at;
        at += colon + 1;
        while (at < text.Length && text[at] == ' ') at++;
        return at;
    }

    private static bool IsSequence(ReadOnlySpan<byte> token) => token[^1] == ':' && token.Length > 1 && !token[..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsZone(ReadOnlySpan<byte> token) => token.TrimEnd((byte)':') is { Length: >= 2 and <= 5 } zone && !zone.ContainsAnyExceptInRange((byte)'A', (byte)'Z') && Zones.Contains(System.Text.Encoding.ASCII.GetString(zone));

    // A host may have a short name in capitals too; only what is known to be a zone is one.
    private static readonly HashSet<string> Zones = new(StringComparer.Ordinal)
    {
        "UTC", "GMT", "WAT", "CAT", "EAT", "SAST", "CET", "CEST", "MET", "MEST", "EET", "EEST", "MSK", "WET", "WEST", "BST", "IST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "JST", "SGT", "AEST", "AEDT",
    };
}
