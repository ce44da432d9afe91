using System.Buffers.Binary;
using System.IO.Compression;

namespace Vigie.Commands.Eval;

/// <summary>Recorded logs as one log of JSON lines in memory, so that neither disk nor decompression is measured.</summary>
internal static class SigmaSpeedCorpus
{
    private const string Folder = "logs/mordor";
    private const int TrailerBytes = 4;

    /// <summary>All files one after another; empty, and noted as absent, where there are none.</summary>
    public static byte[] Load(EvaluationData data)
    {
        var folder = Path.Combine(data.Root, Folder);
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json.gz") : [];
        if (files.Length == 0)
        {
            data.Find(Folder);
            return [];
        }

        Array.Sort(files, StringComparer.Ordinal);
        var log = new byte[files.Sum(Unpacked)];
        var at = 0;
        foreach (var file in files)
        {
            using var unpacked = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            var length = unpacked.ReadAtLeast(log.AsSpan(at), log.Length - at, throwOnEndOfStream: false);
            at += length;
        }

        return log;
    }

    // RFC 1952 §2.3.1: the last four bytes are the length before packing.
    private static long Unpacked(string file)
    {
        using var packed = File.OpenRead(file);
        packed.Seek(-TrailerBytes, SeekOrigin.End);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        packed.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }
}
