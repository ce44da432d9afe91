using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>How a file begins.</summary>
/// <param name="Bytes">Its first bytes, of a packed file what it unpacks to; at most <see cref="FilePrint.Longest"/>.</param>
/// <param name="Document">Whether it is read whole each time it has changed; see <see cref="IsDocument"/>.</param>
internal sealed record FileHead(byte[] Bytes, bool Document)
{
    /// <summary>How the file at a path begins; null when it cannot be read.</summary>
    public static FileHead? Of(string path)
    {
        try
        {
            using var file = LogContents.OpenShared(path);
            var document = IsDocument(file);
            var bytes = new byte[FilePrint.Longest];
            if (!document) return new FileHead(bytes[..RandomAccess.Read(file.SafeFileHandle, bytes, 0)], Document: false);
            using var content = new LogContents(new ContentLimits(), (_, _) => { }).Open(path).GetEnumerator();
            return content.MoveNext()
                ? new FileHead(bytes[..content.Current.Bytes.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)], Document: true)
                : null;
        }
        catch (Exception e) when (LogContents.IsDamage(e))
        {
            return null;
        }
    }

    /// <summary>Whether a file is packed, or an event log, whose head and chunks are written again and again while it grows.</summary>
    public static bool IsDocument(FileStream file)
    {
        Span<byte> head = stackalloc byte[512];
        head = head[..RandomAccess.Read(file.SafeFileHandle, head, 0)];
        return head is [0x1F, 0x8B, ..] or [(byte)'P', (byte)'K', 3, 4, ..]
            || head.StartsWith("ElfFile\0"u8)
            || head.Length > 262 && head[257..].StartsWith("ustar"u8)
            || TextEncoding.Utf16Of(head) != Utf16.No;
    }
}
