using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vigie.Commands.Logs;

/// <summary>Findings as JSON lines: one object a line.</summary>
internal sealed class JsonHits(TextWriter output) : IHitWriter
{
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <inheritdoc/>
    public void Write(LogHit hit)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, Options)) WriteHit(json, hit);
        output.Write(Encoding.UTF8.GetString(_line.WrittenSpan));
        output.Write('\n');
    }

    /// <inheritdoc/>
    public void End(ScanSummary summary)
    {
    }

    /// <summary>The object of one finding; <c>docs/commands.md</c> names its members.</summary>
    public static void WriteHit(Utf8JsonWriter json, LogHit hit)
    {
        json.WriteStartObject();
        json.WriteString("id", hit.Id.Value);
        if (hit.TimeText is { } time) json.WriteString("time", time);
        else json.WriteNull("time");
        json.WriteString("level", LogHit.NameOf(hit.Level));
        json.WriteString("title", hit.Title);
        json.WriteStartObject("rule");
        json.WriteString("id", hit.RuleId);
        json.WriteString("title", hit.Title);
        json.WriteString("version", hit.RuleVersion);
        json.WriteString("file", hit.RuleFile);
        json.WriteEndObject();
        if (hit.Host is { } host) json.WriteString("host", host);
        else json.WriteNull("host");
        json.WriteString("file", hit.Place.File);
        json.WriteString("format", hit.Place.Format);
        json.WriteNumber("offset", hit.Place.Offset);
        if (hit.Place.Record is { } record) json.WriteString("record", record);
        json.WriteStartArray("techniques");
        foreach (var technique in hit.Techniques) json.WriteStringValue(technique);
        json.WriteEndArray();
        json.WriteStartArray("entities");
        foreach (var entity in hit.Entities)
        {
            json.WriteStartObject();
            json.WriteString("kind", entity.Kind);
            json.WriteString("value", entity.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteFields(json, hit);
        json.WriteEndObject();
    }

    // A field with several values that all count is a list; JSON must not have one name twice.
    private static void WriteFields(Utf8JsonWriter json, LogHit hit)
    {
        json.WriteStartObject("matched");
        foreach (var field in hit.Matched.GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal))
        {
            var values = field.Distinct(StringComparer.Ordinal).ToList();
            if (values.Count == 1)
            {
                json.WriteString(field.Key, values[0]);
                continue;
            }

            json.WriteStartArray(field.Key);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
