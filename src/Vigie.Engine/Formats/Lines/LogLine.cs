namespace Vigie.Engine.Formats.Lines;

/// <summary>One record of a line-based format: usually a line, without its line end.</summary>
/// <param name="Buffer">The window's buffer.</param>
/// <param name="Start">Where the line begins in it.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Offset">Where it begins in the content.</param>
/// <param name="Next">Where what follows the line end begins in the buffer.</param>
/// <param name="WindowEnd">One past the last byte at hand: a reader that joins lines may look ahead to there.</param>
/// <param name="IsFinal">Whether nothing follows the window.</param>
internal readonly record struct LogLine(byte[] Buffer, int Start, int Length, long Offset, int Next, int WindowEnd, bool IsFinal)
{
    /// <summary>One past the line's last byte.</summary>
    public int End => Start + Length;

    /// <summary>The line's bytes.</summary>
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Start, Length);
}
