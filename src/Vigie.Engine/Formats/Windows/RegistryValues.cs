using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>Registry changes of the Security channel in the form of Sysmon's registry events.</summary>
internal static class RegistryValues
{
    private const int Stack = 1024;

    /// <summary>
    /// The kernel's path as Sysmon abbreviates it: <c>\REGISTRY\MACHINE</c> is <c>HKLM</c>, <c>\REGISTRY\USER</c> is
    /// <c>HKU</c>, and a numbered control set is the current one; then the value's name.
    /// </summary>
    public static void TargetObject(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var path = new Utf8Builder(stackalloc byte[Stack]);
        AppendKey(ref path, record.Value(sources[0]));
        if (sources[1] >= 0 && record.Value(sources[1]) is { IsEmpty: false } name && !name.SequenceEqual("-"u8))
        {
            path.Append("\\"u8);
            path.Append(name);
        }

        record.AddDerived(target, FieldKind.String, path.Written);
        path.Release();
    }

    /// <summary>The new value as Sysmon writes it. The types are message numbers, %%1872 and following, in the order of the registry's types.</summary>
    public static void Details(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var type = sources[1] < 0 ? default : record.Value(sources[1]);
        var value = record.Value(sources[0]);
        if (type.SequenceEqual("%%1876"u8) && WindowsValues.TryNumber(value, out var number) && number <= uint.MaxValue)
            AddWord(record, target, "DWORD (0x"u8, number, 8);
        else if (type.SequenceEqual("%%1883"u8) && WindowsValues.TryNumber(value, out number))
            AddWord(record, target, "QWORD (0x"u8, number, 16);
        else if (type.SequenceEqual("%%1875"u8))
            record.AddDerived(target, FieldKind.String, "Binary Data"u8);
        else
            record.Alias(target, sources[0]);
    }

    /// <summary><c>%%1904</c> a value was made, <c>%%1905</c> changed, <c>%%1906</c> deleted.</summary>
    public static void EventType(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        var operation = record.Value(sources[0]);
        if (operation.SequenceEqual("%%1904"u8) || operation.SequenceEqual("%%1905"u8)) record.AddDerived(target, FieldKind.String, "SetValue"u8);
        else if (operation.SequenceEqual("%%1906"u8)) record.AddDerived(target, FieldKind.String, "DeleteValue"u8);
    }

    // Hexadecimal in groups of eight: DWORD (0x00000001), QWORD (0x00000000-0x00000001).
    private static void AddWord(EventRecord record, int target, ReadOnlySpan<byte> head, ulong number, int digits)
    {
        var text = new Utf8Builder(stackalloc byte[48]);
        Span<byte> group = stackalloc byte[8];
        text.Append(head);
        for (var shift = (digits - 8) * 4; shift >= 0; shift -= 32)
        {
            if (Utf8Formatter.TryFormat((uint)(number >> shift), group, out _, new StandardFormat('x', 8))) text.Append(group);
            text.Append(shift == 0 ? ")"u8 : "-0x"u8);
        }

        record.AddDerived(target, FieldKind.String, text.Written);
        text.Release();
    }

    private static void AppendKey(ref Utf8Builder path, ReadOnlySpan<byte> key)
    {
        if (TryStrip(ref key, "\\registry\\machine"u8)) path.Append("HKLM"u8);
        else if (TryStrip(ref key, "\\registry\\user"u8)) path.Append("HKU"u8);
        var rest = key;
        if (TryStrip(ref rest, "\\system\\controlset"u8) && rest.Length >= 3 && rest[..3].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            path.Append("\\System\\CurrentControlSet"u8);
            key = rest[3..];
        }

        path.Append(key);
    }

    private static bool TryStrip(ref ReadOnlySpan<byte> key, ReadOnlySpan<byte> lower)
    {
        if (key.Length < lower.Length || !Ascii.EqualsIgnoreCase(key[..lower.Length], lower)) return false;
        key = key[lower.Length..];
        return true;
    }
}
