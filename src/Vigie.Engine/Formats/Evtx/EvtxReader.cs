using System.Buffers.Binary;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>
/// Reads Windows event logs (J. Metz, "Windows XML Event Log (EVTX) format"). The file's header is believed in nothing;
/// every chunk stands for itself: one with wrong checksums is read all the same, of a damaged one whatever records can be
/// found are read. The events of a chunk share its bytes; they are consumed when the last was read.
/// </summary>
public sealed class EvtxReader : LogReader
{
    /// <summary>Bytes of the file's first block.</summary>
    internal const int FileHeaderSize = 4096;

    private const int ChunkHeaderSize = 512;
    private readonly EventNames _names = new();
    private readonly EvtxChunk _chunk;
    private readonly BinXmlRunner _runner;
    private readonly EvtxRecords _records = new();
    private bool _begun;

    /// <summary>Makes a reader for a content from its beginning, or from the beginning of a chunk.</summary>
    public EvtxReader()
    {
        _chunk = new EvtxChunk(_names);
        _runner = new BinXmlRunner(_names, _chunk);
    }

    /// <inheritdoc/>
    public override string Format => "evtx";

    /// <inheritdoc/>
    public override bool IsBinary => true;

    /// <summary>Begins a file.</summary>
    internal static ReadOnlySpan<byte> FileMagic => "ElfFile\0"u8;

    /// <summary>Begins a chunk.</summary>
    internal static ReadOnlySpan<byte> ChunkMagic => "ElfChnk\0"u8;

    /// <inheritdoc/>
    public override ReadResult Read(in LogWindow window, EventRecord record)
    {
        if (!_records.IsOpen)
        {
            var needed = !_begun && window.Span.StartsWith(FileMagic) ? FileHeaderSize : EvtxChunk.Size;
            if (window.Length == 0 || (window.Length < needed && !window.IsFinal)) return new ReadResult(ReadStatus.NeedMore, 0);
            if (Block(window) is { } whole) return whole;
        }

        return _records.Limit <= window.Length ? Next(window, record) : new ReadResult(ReadStatus.NeedMore, 0);
    }

    /// <inheritdoc/>
    public override void CatalogChanged() => _names.Unbind();

    // What stands at the beginning of the window: the file's header, a chunk, or neither.
    private ReadResult? Block(in LogWindow window)
    {
        var bytes = window.Span;
        if (!_begun && bytes.StartsWith(FileMagic))
        {
            _begun = true;
            var size = Math.Min(FileHeaderSize, bytes.Length);
            return new ReadResult(ReadStatus.Nothing, size, EvtxChecks.FileHeader(bytes[..size], window.Offset));
        }

        _begun = true;
        var block = bytes[..Math.Min(EvtxChunk.Size, bytes.Length)];
        if (block.StartsWith(ChunkMagic))
        {
            var doubt = EvtxChecks.Chunk(block, window.Offset, out var end);
            OpenBlock(block, doubt is null ? block.Length : NextChunk(block, ChunkMagic.Length), ChunkHeaderSize, end, doubt);
            return null;
        }

        return Stray(block, window.Offset);
    }

    // No chunk where one should begin: up to where the next one does, records are looked for.
    private ReadResult? Stray(ReadOnlySpan<byte> block, long offset)
    {
        var limit = NextChunk(block, 0);
        if (block[..limit].IndexOfAnyExcept((byte)0) < 0) return new ReadResult(ReadStatus.Nothing, limit);
        OpenBlock(block, limit, 0, limit, new LogDiagnostic("evtx.chunk-missing", offset, $"{limit} bytes begin with no chunk header; records found in them are read."));
        return null;
    }

    private void OpenBlock(ReadOnlySpan<byte> block, int limit, int first, int end, LogDiagnostic? doubt)
    {
        _chunk.Reset();
        _records.Open(block[..limit], first, Math.Min(end, limit), doubt);
    }

    private static int NextChunk(ReadOnlySpan<byte> block, int from)
    {
        var next = block[from..].IndexOf(ChunkMagic);
        return next < 0 ? block.Length : from + next;
    }

    private ReadResult Next(in LogWindow window, EventRecord record)
    {
        var chunk = window.Buffer.AsSpan(window.Start, _records.Limit);
        while (_records.TryNext(chunk, out var found))
        {
            if (found.Gap > 0) return Skipped("evtx.record-lost", window.Offset + found.Start - found.Gap, $"{found.Gap} bytes between two records are no record.");
            if (Parse(window, record, found)) return Event(window, record, found);
            if (!found.IsBeyond) return Skipped("evtx.record-unreadable", window.Offset + found.Start, $"Record {found.Id} has no content that can be read.");
        }

        _records.Close();
        var doubt = _records.TakeDoubt();
        return new ReadResult(doubt is null ? ReadStatus.Nothing : ReadStatus.Skipped, chunk.Length, doubt);
    }

    private bool Parse(in LogWindow window, EventRecord record, in EvtxFound found)
    {
        record.Begin(window.Buffer, window.Start + found.Start, found.Length);
        _runner.Run(record, window.Buffer, window.Start, _records.Limit, found.Start + EvtxRecords.HeaderSize, found.Start + found.Length - EvtxRecords.FooterSize);
        return record.Count > 0 && !(found.IsBeyond && _runner.IsDamaged);
    }

    private ReadResult Event(in LogWindow window, EventRecord record, in EvtxFound found)
    {
        record.Offset = window.Offset + found.Start;
        var time = _runner.Time ?? (BinXmlValues.TryTime(found.Written, out var written) ? written : null);
        record.Time = time is { } known ? new DateTimeOffset(known) : null;
        WindowsEvents.Classify(record);
        var doubt = _records.TakeDoubt();
        if (_runner.IsDamaged) doubt = new LogDiagnostic("evtx.record-damaged", record.Offset, $"Record {found.Id} could be read in part only.");
        else if (found.IsBeyond) doubt ??= new LogDiagnostic("evtx.record-beyond", record.Offset, $"Record {found.Id} lies beyond the end its chunk states: the log was not closed properly.");
        return new ReadResult(ReadStatus.Event, 0, doubt);
    }

    private static ReadResult Skipped(string code, long offset, string message) => new(ReadStatus.Skipped, 0, new LogDiagnostic(code, offset, message));
}

/// <summary>Checksums and marks of files and chunks.</summary>
internal static class EvtxChecks
{
    private const uint DirtyFlag = 1;

    /// <summary>What is doubtful about a file by its header; null when nothing is.</summary>
    public static LogDiagnostic? FileHeader(ReadOnlySpan<byte> header, long offset)
    {
        if (header.Length < 128) return new LogDiagnostic("evtx.truncated", offset, "The file ends within its header.");
        if (Crc32.Of(header[..120]) != BinaryPrimitives.ReadUInt32LittleEndian(header[124..]))
            return new LogDiagnostic("evtx.file-checksum", offset, "The checksum of the file's header is wrong; the header is not used.");
        return (BinaryPrimitives.ReadUInt32LittleEndian(header[120..]) & DirtyFlag) != 0
            ? new LogDiagnostic("evtx.dirty", offset, "The file was not closed properly; what its chunks hold is read.")
            : null;
    }

    /// <summary>What is doubtful about a chunk; null when its checksums are right.</summary>
    /// <param name="chunk">Its bytes, as many as there are.</param>
    /// <param name="offset">Where it lies in the content.</param>
    /// <param name="end">Where its records end by its header; its end when the header cannot be believed.</param>
    public static LogDiagnostic? Chunk(ReadOnlySpan<byte> chunk, long offset, out int end)
    {
        const int HeaderSize = 512;
        end = chunk.Length;
        if (chunk.Length < HeaderSize) return new LogDiagnostic("evtx.truncated", offset, "The content ends within the header of a chunk.");
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(chunk[48..]);
        var isRight = Crc32.Of(chunk[..120], chunk[128..HeaderSize]) == BinaryPrimitives.ReadUInt32LittleEndian(chunk[124..]);
        if (stated is >= HeaderSize and <= EvtxChunk.Size && (isRight || EndsRecord(chunk, stated))) end = (int)Math.Min(stated, chunk.Length);
        else isRight = false;
        if (!isRight) return new LogDiagnostic("evtx.chunk-checksum", offset, "The checksum of a chunk's header is wrong; its records are read all the same.");
        if (end < stated) return new LogDiagnostic("evtx.truncated", offset, $"The content ends within a chunk, {stated - end} bytes before its records do.");
        return Crc32.Of(chunk[HeaderSize..end]) != BinaryPrimitives.ReadUInt32LittleEndian(chunk[52..])
            ? new LogDiagnostic("evtx.records-checksum", offset, "The checksum of a chunk's records is wrong; they are read all the same.")
            : null;
    }

    // A damaged header may still tell the right end: a record's size stands before it, and its beginning so far back.
    private static bool EndsRecord(ReadOnlySpan<byte> chunk, uint end)
    {
        if (end > chunk.Length) return false;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[((int)end - EvtxRecords.FooterSize)..]);
        return size <= end && chunk[(int)(end - size)..].StartsWith(EvtxRecords.Magic);
    }
}
