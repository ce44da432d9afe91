using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Zeek;

/// <summary>Zeek's own logs: columns under a header (docs.zeek.org, "Zeek Log Formats and Inspection").</summary>
internal sealed class ZeekFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "zeek-tsv";

    /// <inheritdoc/>
    public override string Title => "Zeek (TSV)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        for (var lines = 0; lines < 200 && !head.IsEmpty; lines++)
        {
            var line = LineSample.Next(ref head, out _);
            if (line.StartsWith("#separator "u8) || line.StartsWith("#fields\t"u8)) return lines == 0 ? 99 : 90;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new ZeekReader();
}
