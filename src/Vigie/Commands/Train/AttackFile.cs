using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Vigie.Engine.Attack;
using Vigie.Incidents.Next;

namespace Vigie.Commands.Train;

/// <summary>ATT&amp;CK as it was read from a file.</summary>
/// <param name="Knowledge">What it says; null where it could not be read to its end.</param>
/// <param name="Source">The file and its hash.</param>
/// <param name="Problems">What is wrong with it, as <c>file:line: field: text</c>.</param>
/// <param name="ProblemCount">How many problems there are in all.</param>
internal sealed record AttackFile(AttackKnowledge? Knowledge, NextTechniqueSource Source, IReadOnlyList<string> Problems, int ProblemCount)
{
    /// <summary>Reads a STIX bundle or JSON lines, plain or gzip.</summary>
    /// <exception cref="IOException">The file cannot be read, or is a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static AttackFile Read(string path, CancellationToken ct)
    {
        var reader = new AttackKnowledgeReader(new StixLimits());
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; name the file in it");
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head[0] == 0x1F && head[1] == 0x8B;
        file.Position = 0;
        string? damage = file.Length == 0 ? $"{path}: the file is empty" : null;
        try
        {
            if (isGzip)
            {
                using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
                // What is cut off inside ends like what is whole; the size at its end tells (RFC 1952 §2.3.1). Several members in one file are read too.
                if (Feed(unpacked, reader, ct) < SizeAtEnd(file)) damage = $"{path}: the gzip file is cut off: its end is missing";
            }
            else
            {
                Feed(file, reader, ct);
            }
        }
        catch (InvalidDataException)
        {
            damage = $"{path}: the gzip file is damaged";
        }

        var knowledge = damage is null ? reader.End() : null;
        string[] ends = damage is not null ? [damage] : reader.Failure is { } failure ? [$"{path}:{failure}"] : [];
        file.Position = 0;
        var source = new NextTechniqueSource(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(file)), file.Length, reader.Objects);
        return new AttackFile(knowledge, source, [.. reader.Problems.Select(problem => $"{path}:{problem}"), .. ends], reader.ProblemCount + ends.Length);
    }

    // How many bytes there were; more than any file holds where the reader wanted no more.
    private static long Feed(Stream stream, AttackKnowledgeReader reader, CancellationToken ct)
    {
        var buffer = new byte[128 * 1024];
        long all = 0;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            ct.ThrowIfCancellationRequested();
            all += read;
            if (!reader.Feed(buffer.AsSpan(0, read))) return long.MaxValue;
        }

        return all;
    }

    private static long SizeAtEnd(FileStream file)
    {
        if (file.Length < 18) return long.MaxValue;
        Span<byte> size = stackalloc byte[4];
        file.Position = file.Length - size.Length;
        file.ReadExactly(size);
        return BinaryPrimitives.ReadUInt32LittleEndian(size);
    }
}
