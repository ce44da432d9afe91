using System.Buffers;
using System.Text;
using System.Text.Json;
using Vigie.Engine.Findings;

namespace Vigie.Commands.Logs;

/// <summary>
/// Findings as one SARIF 2.1.0 log (OASIS, 27 March 2020). Results are written as they come; the tool, whose rules are
/// only then all known, follows behind them: the order of an object's members has no meaning.
/// </summary>
internal sealed class SarifHits : IHitWriter, IDisposable
{
    private const int FlushAt = 64 * 1024;
    private readonly TextWriter _output;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<string, int> _ruleIndexes = new(StringComparer.Ordinal);
    private readonly List<LogHit> _rules = [];

    public SarifHits(TextWriter output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_buffer, JsonHits.Options);
        _json.WriteStartObject();
        _json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        _json.WriteString("version", "2.1.0");
        _json.WriteStartArray("runs");
        _json.WriteStartObject();
        _json.WriteStartArray("results");
    }

    /// <inheritdoc/>
    public void Write(LogHit hit)
    {
        if (!_ruleIndexes.TryGetValue(hit.RuleId, out var index))
        {
            index = _rules.Count;
            _rules.Add(hit);
            _ruleIndexes.Add(hit.RuleId, index);
        }

        _json.WriteStartObject();
        _json.WriteString("ruleId", hit.RuleId);
        _json.WriteNumber("ruleIndex", index);
        _json.WriteString("level", LevelOf(hit.Level));
        Message("message", hit.Host is { } host ? $"{hit.Title} ({host})" : hit.Title);
        WriteLocation(hit);
        // §3.27.17: what makes a result the same in another run.
        _json.WriteStartObject("partialFingerprints");
        _json.WriteString("vigieFindingId/v1", hit.Id.Value);
        _json.WriteEndObject();
        _json.WritePropertyName("properties");
        JsonHits.WriteHit(_json, hit);
        _json.WriteEndObject();
        if (_json.BytesPending + _buffer.WrittenCount > FlushAt) Flush();
    }

    /// <inheritdoc/>
    public void End(ScanSummary summary)
    {
        _json.WriteEndArray();
        WriteTool();
        WriteInvocation(summary);
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteEndObject();
        Flush();
        _output.Write('\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteLocation(LogHit hit)
    {
        _json.WriteStartArray("locations");
        _json.WriteStartObject();
        _json.WriteStartObject("physicalLocation");
        _json.WriteStartObject("artifactLocation");
        _json.WriteString("uri", UriOf(hit.Place.File));
        _json.WriteEndObject();
        // §3.30: a region is one of the artifact itself; an offset within what was compressed would not be.
        if (hit.Place.IsPlain)
        {
            _json.WriteStartObject("region");
            _json.WriteNumber("byteOffset", hit.Place.Offset);
            _json.WriteNumber("byteLength", 0);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        if (hit.Host is { } host)
        {
            _json.WriteStartArray("logicalLocations");
            _json.WriteStartObject();
            _json.WriteString("name", host);
            _json.WriteString("kind", "host");
            _json.WriteEndObject();
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    private void WriteTool()
    {
        _json.WriteStartObject("tool");
        _json.WriteStartObject("driver");
        _json.WriteString("name", "Vigie");
        _json.WriteString("version", Operations.NodeMetrics.Version);
        _json.WriteStartArray("rules");
        foreach (var rule in _rules)
        {
            _json.WriteStartObject();
            _json.WriteString("id", rule.RuleId);
            Message("shortDescription", rule.Title);
            _json.WriteStartObject("defaultConfiguration");
            _json.WriteString("level", LevelOf(rule.Level));
            _json.WriteEndObject();
            _json.WriteStartObject("properties");
            _json.WriteStartArray("tags");
            _json.WriteStringValue("security");
            foreach (var technique in rule.Techniques) _json.WriteStringValue(technique);
            _json.WriteEndArray();
            _json.WriteString("vigieLevel", LogHit.NameOf(rule.Level));
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteInvocation(ScanSummary summary)
    {
        _json.WriteStartArray("invocations");
        _json.WriteStartObject();
        _json.WriteBoolean("executionSuccessful", summary.Failures == 0);
        _json.WriteStartArray("toolExecutionNotifications");
        foreach (var problem in summary.Problems)
        {
            _json.WriteStartObject();
            _json.WriteString("level", problem.IsFailure ? "error" : "warning");
            Message("message", problem.Text);
            _json.WriteStartArray("locations");
            _json.WriteStartObject();
            _json.WriteStartObject("physicalLocation");
            _json.WriteStartObject("artifactLocation");
            _json.WriteString("uri", UriOf(problem.File));
            _json.WriteEndObject();
            _json.WriteEndObject();
            _json.WriteEndObject();
            _json.WriteEndArray();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteString("columnKind", "utf16CodeUnits");
    }

    private void Message(string name, string text)
    {
        _json.WriteStartObject(name);
        _json.WriteString("text", text);
        _json.WriteEndObject();
    }

    private void Flush()
    {
        _json.Flush();
        _output.Write(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        _buffer.ResetWrittenCount();
    }

    // §3.27.10 knows three levels.
    private static string LevelOf(Severity level) => level switch
    {
        Severity.Critical or Severity.High => "error",
        Severity.Medium => "warning",
        _ => "note",
    };

    // §3.4.3: a valid URI reference. A relative path stays relative to where the command ran.
    private static string UriOf(string file) => Path.IsPathRooted(file)
        ? new UriBuilder(Uri.UriSchemeFile, "") { Path = Escaped(file) }.Uri.AbsoluteUri
        : Escaped(file);

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
