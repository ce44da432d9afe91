using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Csv;

/// <summary>Comma-separated values with a header (RFC 4180), also with semicolons, tabs or bars.</summary>
internal sealed class CsvFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "csv";

    /// <inheritdoc/>
    public override string Title => "CSV with a header";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        var first = head;
        var header = LineSample.Next(ref first, out _);
        if (header.IsEmpty || header[0] is (byte)'#' or (byte)'{' or (byte)'[' or (byte)'<' || !IsHeader(header)) return 0;
        var isNamed = fileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);
        var shape = CsvShape.Of(head);
        if (shape.Columns < 2) return isNamed ? 30 : 0;
        return shape.Agreement * (isNamed ? 85 : shape.Columns > 2 ? 45 : 20) / 100;
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new CsvReader(options);

    // Names begin with a letter and are no times: what begins with digits is data.
    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var first = line[0] == '"' && line.Length > 1 ? line[1] : line[0];
        return first is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (byte)'@' or (byte)'_' or >= 0x80;
    }
}
