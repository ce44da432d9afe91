using System.Buffers.Text;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>Values of Windows events in the form Sysmon, and therefore the rules, have them.</summary>
internal static class WindowsValues
{
    private const int Stack = 512;

    /// <summary><c>0x7d8</c> as <c>2008</c>; a number that is decimal stays as it is.</summary>
    public static void Decimal(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var text = record.Value(sources[0]);
        if (!text.StartsWith("0x"u8))
        {
            record.Alias(target, sources[0]);
            return;
        }

        Span<byte> digits = stackalloc byte[20];
        if (TryNumber(text, out var number) && Utf8Formatter.TryFormat(number, digits, out var length))
            record.AddDerived(target, FieldKind.Number, digits[..length]);
    }

    /// <summary>
    /// The account a process runs as, <c>DOMAIN\name</c>: the target of a 4688 when it names one, else the subject. The
    /// machine's own account is written as its services are: <c>NT AUTHORITY\SYSTEM</c> and so on.
    /// </summary>
    public static void ProcessUser(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var from = sources.Length == 6 && Present(record, sources[3]) && !Is(record, sources[5], "S-1-0-0"u8) ? 3 : 0;
        var wellKnown = WellKnownAccount(record, sources[from + 2]);
        if (!wellKnown.IsEmpty)
        {
            record.AddDerived(target, FieldKind.String, wellKnown);
            return;
        }

        if (!Present(record, sources[from])) return;
        if (!Present(record, sources[from + 1]))
        {
            record.Alias(target, sources[from]);
            return;
        }

        var user = new Utf8Builder(stackalloc byte[Stack]);
        user.Append(record.Value(sources[from + 1]));
        user.Append("\\"u8);
        user.Append(record.Value(sources[from]));
        record.AddDerived(target, FieldKind.String, user.Written);
        user.Release();
    }

    /// <summary>The name of a mandatory label: [MS-DTYP] 2.4.2.4, "Well-Known SID Structures".</summary>
    public static void IntegrityLevel(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var label = record.Value(sources[0]);
        var name = label.SequenceEqual("S-1-16-16384"u8) ? "System"u8
            : label.SequenceEqual("S-1-16-12288"u8) ? "High"u8
            : label.SequenceEqual("S-1-16-8448"u8) || label.SequenceEqual("S-1-16-8192"u8) ? "Medium"u8
            : label.SequenceEqual("S-1-16-4096"u8) ? "Low"u8
            : label.SequenceEqual("S-1-16-0"u8) ? "Untrusted"u8
            : default;
        if (!name.IsEmpty) record.AddDerived(target, FieldKind.String, name);
    }

    /// <summary>
    /// <c>\device\harddiskvolume4\windows\…</c> as <c>C:\windows\…</c> where the folder is one that lies on the system
    /// drive; other volumes have no letter in the event and keep their device's name.
    /// </summary>
    public static void DrivePath(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var path = record.Value(sources[0]);
        var rest = AfterVolume(path);
        if (rest.IsEmpty)
        {
            record.Alias(target, sources[0]);
            return;
        }

        var drive = new Utf8Builder(stackalloc byte[Stack]);
        drive.Append("C:"u8);
        drive.Append(rest);
        record.AddDerived(target, FieldKind.String, drive.Written);
        drive.Release();
    }

    /// <summary>Whether an address is of version 6, as <c>true</c> or <c>false</c>.</summary>
    public static void IsIpv6(EventRecord record, int target, ReadOnlySpan<int> sources) =>
        record.AddDerived(target, FieldKind.String, record.Value(sources[0]).Contains((byte)':') ? "true"u8 : "false"u8);

    /// <summary>Direction of a filtered connection: <c>%%14593</c> is outbound.</summary>
    public static void Initiated(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var direction = record.Value(sources[0]);
        if (direction.SequenceEqual("%%14593"u8)) record.AddDerived(target, FieldKind.String, "true"u8);
        else if (direction.SequenceEqual("%%14592"u8)) record.AddDerived(target, FieldKind.String, "false"u8);
    }

    /// <summary>Protocol numbers by the name Sysmon writes.</summary>
    public static void Transport(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var number = record.Value(sources[0]);
        if (number.SequenceEqual("6"u8)) record.AddDerived(target, FieldKind.String, "tcp"u8);
        else if (number.SequenceEqual("17"u8)) record.AddDerived(target, FieldKind.String, "udp"u8);
    }

    /// <summary>One hash out of <c>SHA1=…,MD5=…</c>.</summary>
    public static void Hash(EventRecord record, int target, int source, string algorithm)
    {
        var rest = record.Value(source);
        while (!rest.IsEmpty)
        {
            var comma = rest.IndexOf((byte)',');
            var one = comma < 0 ? rest : rest[..comma];
            rest = comma < 0 ? default : rest[(comma + 1)..];
            var equals = one.IndexOf((byte)'=');
            if (equals != algorithm.Length || !Ascii.EqualsIgnoreCase(one[..equals], algorithm)) continue;
            record.AddDerived(target, FieldKind.String, one[(equals + 1)..]);
            return;
        }
    }

    /// <summary>A number in decimal or with <c>0x</c> in hexadecimal, all of the text.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out ulong number)
    {
        var hex = text.StartsWith("0x"u8) || text.StartsWith("0X"u8);
        var digits = hex ? text[2..] : text;
        return Utf8Parser.TryParse(digits, out number, out var used, hex ? 'x' : 'D') && used == digits.Length;
    }

    private static bool Present(EventRecord record, int field) =>
        field >= 0 && record.Value(field) is var value && !value.IsEmpty && !value.SequenceEqual("-"u8);

    private static bool Is(EventRecord record, int field, ReadOnlySpan<byte> value) => field >= 0 && record.Value(field).SequenceEqual(value);

    private static ReadOnlySpan<byte> WellKnownAccount(EventRecord record, int sid)
    {
        if (sid < 0) return default;
        var value = record.Value(sid);
        return value.SequenceEqual("S-1-5-18"u8) ? "NT AUTHORITY\\SYSTEM"u8
            : value.SequenceEqual("S-1-5-19"u8) ? "NT AUTHORITY\\LOCAL SERVICE"u8
            : value.SequenceEqual("S-1-5-20"u8) ? "NT AUTHORITY\\NETWORK SERVICE"u8
            : default;
    }

    private static ReadOnlySpan<byte> AfterVolume(ReadOnlySpan<byte> path)
    {
        var device = "\\device\\harddiskvolume"u8;
        if (path.Length <= device.Length || !Ascii.EqualsIgnoreCase(path[..device.Length], device)) return default;
        var rest = path[device.Length..].TrimStart("0123456789"u8);
        return StartsWith(rest, "\\windows\\"u8) || StartsWith(rest, "\\program files"u8) || StartsWith(rest, "\\programdata\\"u8) || StartsWith(rest, "\\users\\"u8) ? rest : default;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && Ascii.EqualsIgnoreCase(text[..lower.Length], lower);
}
