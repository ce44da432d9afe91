namespace Vigie.Engine.Formats.Csv;

/// <summary>How a CSV content is written: what separates its fields, and whether it looks like CSV at all.</summary>
/// <param name="Separator">Comma, semicolon, tab or bar.</param>
/// <param name="Columns">Fields in the header.</param>
/// <param name="Agreement">How many percent of the first records have as many fields as the header.</param>
internal readonly record struct CsvShape(byte Separator, int Columns, int Agreement)
{
    private const int MaxRecords = 16;

    /// <summary>Finds the separator that makes the first records alike.</summary>
    public static CsvShape Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        var best = new CsvShape((byte)',', 1, 0);
        foreach (var separator in ",;\t|"u8)
        {
            var shape = With(head, separator);
            if (shape.Columns > 1 && (shape.Agreement, shape.Columns).CompareTo((best.Agreement, best.Columns)) > 0) best = shape;
        }

        return best;
    }

    private static CsvShape With(ReadOnlySpan<byte> head, byte separator)
    {
        var columns = 0;
        var (seen, agreeing) = (0, 0);
        while (seen <= MaxRecords && !head.IsEmpty)
        {
            var scan = new CsvScan(separator);
            var end = scan.Find(head, 0);
            if (end < 0 && seen > 0) break;
            var record = (end < 0 ? head : head[..end]).TrimEnd((byte)'\r');
            head = end < 0 ? [] : head[(end + 1)..];
            if (record.IsEmpty) continue;
            var fields = Count(record, separator);
            if (columns == 0) columns = fields;

            // The Event Viewer has one column more than its header names.
            else if (fields == columns || fields == columns + 1) agreeing++;
            seen++;
        }

        // A header by itself is as much CSV as its fields are names.
        return new CsvShape(separator, columns, seen < 2 ? 50 : agreeing * 100 / (seen - 1));
    }

    private static int Count(ReadOnlySpan<byte> record, byte separator)
    {
        var count = 0;
        for (var at = 0; at <= record.Length; count++) _ = CsvField.Next(record, at, separator, out at);
        return count;
    }
}
