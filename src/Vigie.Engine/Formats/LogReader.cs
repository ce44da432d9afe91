using Vigie.Engine.Events;

namespace Vigie.Engine.Formats;

/// <summary>
/// Reads events of one format out of bytes that arrive in pieces. The caller owns the buffer: it calls
/// <see cref="Read"/> until the reader asks for more, drops what was consumed, appends, and goes on.
/// A reader never throws on input; what it cannot read it skips and reports.
/// </summary>
public abstract class LogReader
{
    /// <summary>The format's stable id, for example <c>evtx</c>, <c>json</c>, <c>zeek-tsv</c>.</summary>
    public abstract string Format { get; }

    /// <summary>Whether the bytes of its events are nothing a person could read: they are shown by their fields.</summary>
    public virtual bool IsBinary => false;

    /// <summary>Reads the next event of <paramref name="window"/> into <paramref name="record"/>.</summary>
    public abstract ReadResult Read(in LogWindow window, EventRecord record);

    /// <summary>
    /// What a new reader must know to go on after the bytes consumed so far (a header line, the shape of the
    /// documents); null when it needs nothing. Saved with the source's position.
    /// </summary>
    public virtual string? SaveState() => null;

    /// <summary>Puts a reader where the one that gave <paramref name="state"/> was. A state it does not understand is ignored.</summary>
    public virtual void RestoreState(string state)
    {
    }

    /// <summary>Forgets what it learnt about names and slots, because records with another catalog follow. Keeps its place in the input.</summary>
    public virtual void CatalogChanged()
    {
    }
}

/// <summary>The bytes at hand: <c>Buffer[Start..End]</c>.</summary>
/// <param name="Buffer">The caller's buffer; readers may read outside of the range but not rely on what is there.</param>
/// <param name="Start">The first byte not yet consumed.</param>
/// <param name="End">One past the last byte.</param>
/// <param name="Offset">Where <c>Buffer[Start]</c> lies in the (decompressed) content.</param>
/// <param name="IsFinal">Whether nothing follows: what is incomplete now stays incomplete.</param>
public readonly record struct LogWindow(byte[] Buffer, int Start, int End, long Offset, bool IsFinal)
{
    /// <summary>The most bytes one event may take; what is longer is skipped and reported. Buffers must be able to grow to it.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    /// <summary>How many bytes are at hand.</summary>
    public int Length => End - Start;

    /// <summary>The bytes at hand.</summary>
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Start, End - Start);
}

/// <summary>What <see cref="LogReader.Read"/> came to.</summary>
public enum ReadStatus : byte
{
    /// <summary>The record holds an event.</summary>
    Event,

    /// <summary>The bytes at hand end within an event; append more, or, when the window was final, the input is at its end.</summary>
    NeedMore,

    /// <summary>The consumed bytes hold no event and need none: an empty line, a comment, a header.</summary>
    Nothing,

    /// <summary>The consumed bytes could not be read; <see cref="ReadResult.Diagnostic"/> says why.</summary>
    Skipped,
}

/// <summary>How a call of <see cref="LogReader.Read"/> ended.</summary>
/// <param name="Status">What it came to.</param>
/// <param name="Consumed">
/// How many bytes from <see cref="LogWindow.Start"/> are done with. May be 0 with an event, or with something skipped, when several
/// events share their bytes (a chunk of an event log); a source may only checkpoint at the sum of what was consumed.
/// </param>
/// <param name="Diagnostic">Why bytes were skipped, or what is doubtful about the event.</param>
public readonly record struct ReadResult(ReadStatus Status, int Consumed, LogDiagnostic? Diagnostic = null);

/// <summary>Something about the input that a person should know.</summary>
/// <param name="Code">Stable, dotted: <c>json.unterminated</c>, <c>evtx.chunk-checksum</c>.</param>
/// <param name="Offset">Where, in bytes of the (decompressed) content.</param>
/// <param name="Message">What is wrong, in a sentence, without the bytes themselves.</param>
public sealed record LogDiagnostic(string Code, long Offset, string Message);
