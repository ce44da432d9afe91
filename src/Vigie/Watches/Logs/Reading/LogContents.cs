using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Vigie.Engine.Formats;

namespace Vigie.Watches.Logs.Reading;

/// <summary>
/// Opens a path and finds the contents in it: gzip by its magic number, zip and tar by theirs, packed in each other up to a
/// depth, UTF-16 as UTF-8. What cannot be read is reported and left; the members after it are read.
/// </summary>
internal sealed class LogContents(ContentLimits limits, Action<string, LogDiagnostic> report)
{
    private const int HeadBytes = 1024;

    private static readonly string[] CompressionEndings = [".gz", ".gzip", ".zip", ".tgz", ".tar"];

    private static readonly (byte[] Magic, string Name)[] Unreadable =
    [
        ([(byte)'B', (byte)'Z', (byte)'h'], "bzip2"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], "7-Zip"),
        ([(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1A, 0x07], "RAR"),
    ];

    /// <summary>The contents of <paramref name="path"/>, one after the other; each is closed when the next is asked for.</summary>
    public IEnumerable<LogContent> Open(string path)
    {
        if (TryOpen(path) is not { } file) yield break;
        using (file)
        {
            var total = new UnpackedTotal(limits, () => file.Position);
            foreach (var content in Unpack(new HeadStream(file, HeadBytes, total: null), file, path, File.GetLastWriteTimeUtc(path), total, depth: 0)) yield return content;
        }
    }

    /// <summary>A file name without the endings that only say how it is packed, as formats want to see it.</summary>
    public static string BareName(string path)
    {
        var name = Path.GetFileName(path);
        while (CompressionEndings.FirstOrDefault(ending => name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } found)
            name = name[..^found.Length];
        return name;
    }

    /// <summary>Opens a file that somebody else may be writing, renaming or deleting.</summary>
    public static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);

    private FileStream? TryOpen(string path)
    {
        try
        {
            return OpenShared(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report(path, new LogDiagnostic("content.not-opened", 0, e.Message));
            return null;
        }
    }

    private IEnumerable<LogContent> Unpack(HeadStream stream, Stream? seekable, string name, DateTimeOffset written, UnpackedTotal total, int depth)
    {
        using (stream)
        {
            if (!TryHead(stream, name, out var packing)) yield break;
            if (packing != Packing.None && depth == limits.MaxDepth)
            {
                report(name, new LogDiagnostic("content.too-deep", 0, $"lies in more than {limits.MaxDepth} packings"));
                yield break;
            }

            var members = packing switch
            {
                Packing.Gzip => Unpack(new HeadStream(new GZipStream(stream, CompressionMode.Decompress), HeadBytes, total), null, name, written, total, depth + 1),
                Packing.Zip => Zip(seekable, name, total, depth + 1),
                Packing.Tar => Tar(stream, name, total, depth + 1),
                Packing.Utf16 => [Transcoded(stream, Encoding.Unicode, name, written)],
                Packing.Utf16BigEndian => [Transcoded(stream, Encoding.BigEndianUnicode, name, written)],
                _ => [new LogContent(name, BareName(name), stream, written)],
            };
            foreach (var member in members) yield return member;
        }
    }

    private bool TryHead(HeadStream stream, string name, out Packing packing)
    {
        packing = Packing.None;
        try
        {
            var head = stream.Head();
            foreach (var (magic, known) in Unreadable)
            {
                if (!head.StartsWith(magic)) continue;
                report(name, new LogDiagnostic("content.compression-unknown", 0, $"is packed with {known}, which cannot be read here; unpack it first"));
                return false;
            }

            packing = PackingOf(head);
            return true;
        }
        catch (Exception e) when (IsDamage(e))
        {
            report(name, new LogDiagnostic("content.damaged", 0, e.Message));
            return false;
        }
    }

    // RFC 1952 §2.3.1; APPNOTE.TXT 4.3.7 and 4.3.16; POSIX.1-2017 "ustar Interchange Format".
    private static Packing PackingOf(ReadOnlySpan<byte> head)
    {
        if (head is [0x1F, 0x8B, ..]) return Packing.Gzip;
        if (head is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..]) return Packing.Zip;
        if (head.Length > 262 && head[257..].StartsWith("ustar"u8)) return Packing.Tar;
        return TextEncoding.Utf16Of(head) switch
        {
            Utf16.LittleEndian => Packing.Utf16,
            Utf16.BigEndian => Packing.Utf16BigEndian,
            _ => Packing.None,
        };
    }

    private static LogContent Transcoded(Stream stream, Encoding from, string name, DateTimeOffset written) =>
        new(name, BareName(name), Encoding.CreateTranscodingStream(stream, from, Encoding.UTF8, leaveOpen: true), written);

    private IEnumerable<LogContent> Zip(Stream? seekable, string name, UnpackedTotal total, int depth)
    {
        if (seekable is null)
        {
            report(name, new LogDiagnostic("content.nested-zip", 0, "is a zip within another packing; unpack it first"));
            yield break;
        }

        using var archive = Try(name, () => new ZipArchive(seekable, ZipArchiveMode.Read, leaveOpen: true));
        if (archive is null) yield break;
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName.EndsWith('/')) continue;
            var member = $"{name}!/{entry.FullName}";
            if (!HasRoom(total, name)) yield break;
            if (Try(member, entry.Open) is not { } bytes) continue;
            foreach (var content in Unpack(new HeadStream(bytes, HeadBytes, total), null, member, entry.LastWriteTime, total, depth)) yield return content;
        }
    }

    private IEnumerable<LogContent> Tar(HeadStream stream, string name, UnpackedTotal total, int depth)
    {
        using var archive = new TarReader(stream, leaveOpen: true);
        while (Try(name, () => archive.GetNextEntry(copyData: false)) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is not { } bytes) continue;
            if (!HasRoom(total, name)) yield break;
            foreach (var content in Unpack(new HeadStream(bytes, HeadBytes, total: null), null, $"{name}!/{entry.Name}", entry.ModificationTime, total, depth)) yield return content;
        }
    }

    private bool HasRoom(UnpackedTotal total, string name)
    {
        if (total.CountMember()) return true;
        report(name, new LogDiagnostic("content.too-many-members", 0, $"has more than {limits.MaxMembers} members; the rest is left"));
        return false;
    }

    private T? Try<T>(string name, Func<T?> open) where T : class
    {
        try
        {
            return open();
        }
        catch (Exception e) when (IsDamage(e))
        {
            report(name, new LogDiagnostic("content.damaged", 0, e.Message));
            return null;
        }
    }

    /// <summary>What a content that is cut or damaged makes the readers of packings throw.</summary>
    internal static bool IsDamage(Exception e) => e is IOException or InvalidDataException or UnauthorizedAccessException or FormatException or NotSupportedException or OverflowException or ArgumentException;

    private enum Packing
    {
        None,
        Gzip,
        Zip,
        Tar,
        Utf16,
        Utf16BigEndian,
    }
}
