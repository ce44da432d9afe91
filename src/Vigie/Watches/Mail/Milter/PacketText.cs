using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Vigie.Watches.Mail.Milter;

/// <summary>The texts inside packets: bytes ended by NUL.</summary>
internal static class PacketText
{
    /// <summary>Bytes that are not UTF-8 are read as Latin-1, so that nothing an MTA sends is lost or fails.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    /// <summary>Takes the bytes up to the next NUL off the front; all of them where there is none.</summary>
    public static ReadOnlySpan<byte> TakeTerminated(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        var taken = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return taken;
    }

    /// <summary>Whether the bytes are name, NUL, value, NUL and so on; empty is none of them.</summary>
    public static bool IsTerminatedPairs(in ReadOnlySequence<byte> bytes)
    {
        var nuls = 0;
        var last = (byte)0;
        foreach (var segment in bytes)
        {
            nuls += segment.Span.Count((byte)0);
            if (segment.Length > 0) last = segment.Span[^1];
        }

        return last == 0 && nuls % 2 == 0;
    }
}
