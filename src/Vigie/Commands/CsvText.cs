namespace Vigie.Commands;

/// <summary>Fields of comma-separated values (RFC 4180) that a spreadsheet may open without running anything in them.</summary>
internal static class CsvText
{
    /// <summary>One row.</summary>
    public static string Row(params IEnumerable<string?> fields) => string.Join(',', fields.Select(Field));

    /// <summary>A field, quoted where it has to be. A spreadsheet runs what begins with = + - @: a leading apostrophe makes it text.</summary>
    public static string Field(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var text = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + value : value;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
