namespace Vigie.Engine.Formats.Json;

/// <summary>JSON documents, one event each, whichever product wrote them and however they are strung together.</summary>
public sealed class JsonFormat : LogFormat
{
    /// <summary>The id, for <see cref="LogFormat.Id"/> and <see cref="LogReader.Format"/>.</summary>
    public const string FormatId = "json";

    /// <inheritdoc/>
    public override string Id => FormatId;

    /// <inheritdoc/>
    public override string Title => "JSON";

    /// <inheritdoc/>
    /// <remarks>90 when a document stands there whole or begins as one, 60 when it only looks so, 20 by the name alone.</remarks>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        var named = fileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
            || fileName.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        head = head.TrimStart(" \t\r\n\u001E"u8);
        while (head.Length > 0 && head[0] == '[') head = head[1..].TrimStart(" \t\r\n"u8);
        if (head.Length == 0 || head[0] != '{') return named ? 20 : 0;
        head = head[1..].TrimStart(" \t\r\n"u8);
        if (head.Length == 0) return named ? 60 : 20;
        if (head[0] == '}') return 60;
        if (head[0] != '"') return named ? 20 : 0;
        var close = head[1..].IndexOf((byte)'"');
        if (close < 0) return 60;
        head = head[(close + 2)..].TrimStart(" \t\r\n"u8);
        return head.Length == 0 ? 60 : head[0] == ':' ? 90 : 0;
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new JsonReader(options);
}
