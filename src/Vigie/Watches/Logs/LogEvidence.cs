using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Watches.Logs;

/// <summary>The bounded copy of an event that a finding keeps: logs rotate away, the finding stays.</summary>
internal static class LogEvidence
{
    /// <summary>How much of an event is kept, in characters; the hash is of all of it.</summary>
    public const int MaxCopy = 8 * 1024;

    /// <summary>How much of one value is looked at for a finding, in bytes.</summary>
    public const int MaxValueBytes = 8 * 1024;

    /// <summary>How much of one value is shown, in characters.</summary>
    public const int MaxFieldValue = 1024;

    /// <summary>How much of a passage that a rule asked for is kept, in characters.</summary>
    public const int MaxPassage = 256;

    private const string Cut = " … (cut)";
    private const int MaxFields = 40;

    /// <summary>The evidence for a match.</summary>
    public static Evidence Of(EventRecord record, CapturedEvent captured, in LogOrigin origin, ImmutableArray<MatchReason> why) => new()
    {
        Kind = "log-event",
        Location = string.Create(CultureInfo.InvariantCulture, $"{origin.Place}:{record.Offset}"),
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(record.Raw)),
        Fields = Fields(captured, why, out var asked),
        Asked = asked,
        Copy = Copy(record.Raw, captured),
    };

    /// <summary>The evidence for a correlation: which events of which rules it counted.</summary>
    public static Evidence Of(CorrelationMatch match, LoadedRules rules)
    {
        var counted = match.Group.Concat(match.Values.Select(value => KeyValuePair.Create("value", value)))
            .Take(MaxFields).Select(pair => KeyValuePair.Create(pair.Key, Short(pair.Value, MaxFieldValue))).ToImmutableArray();
        var events = match.Events.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff'Z'}  {rules.Find(e.Rule)?.Title ?? e.Rule}  event {e.Identity}"));
        return new Evidence
        {
            Kind = "log-correlation",
            Location = match.Id,
            Fields = counted,
            Asked = [.. counted.Select(_ => ImmutableArray<string>.Empty)],
            Copy = Bounded(string.Join('\n', events)),
        };
    }

    /// <summary>The beginning of a text on one line, and whether it was cut.</summary>
    public static string Short(string text, int most)
    {
        var line = text.AsSpan(0, Math.Min(text.Length, most)).ToString().ReplaceLineEndings(" ").Replace('\0', '\uFFFD');
        return text.Length <= most ? line : string.Concat(line, "…");
    }

    // What made the rule true comes first; then what tells which event it was.
    private static ImmutableArray<KeyValuePair<string, string>> Fields(CapturedEvent captured, ImmutableArray<MatchReason> why, out ImmutableArray<ImmutableArray<string>> asked)
    {
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var seen = new HashSet<(string, string)>();
        var found = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        foreach (var reason in why)
        {
            if (fields.Count >= MaxFields || !seen.Add((reason.Field, reason.Value))) continue;
            fields.Add(new(reason.Field.Length == 0 ? "keyword" : reason.Field, Short(reason.Value, MaxFieldValue)));
            found.Add([.. reason.Passages.Select(passage => Short(passage, MaxPassage))]);
        }

        asked = found.ToImmutable();
        foreach (var name in captured.Class.KeyFields)
        {
            foreach (var field in captured.Named(name).Take(1))
            {
                if (fields.Count < MaxFields && seen.Add((name, field.Value))) fields.Add(new(name, Short(field.Value, MaxFieldValue)));
            }
        }

        return fields.ToImmutable();
    }

    private static string Copy(ReadOnlySpan<byte> raw, CapturedEvent captured)
    {
        // Binary formats are shown by their fields: nobody can read the bytes.
        if (raw.IsEmpty || raw.Contains((byte)0) || !Utf8.IsValid(raw)) return Rendered(captured);
        const int longest = MaxCopy * 3;
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, longest)]).TrimEnd('\r', '\n');
        return Bounded(text);
    }

    /// <summary>An event by its fields, as JSON, for those whose bytes nobody can read.</summary>
    public static string Rendered(CapturedEvent captured)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var field in captured.Fields)
            {
                if (json.BytesCommitted + json.BytesPending > MaxCopy) break;
                json.WriteString(field.Name, Short(field.Value, MaxFieldValue));
            }

            json.WriteEndObject();
        }

        return Bounded(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    // A NUL would be refused by PostgreSQL.
    private static string Bounded(string text)
    {
        text = text.Replace('\0', '\uFFFD');
        return text.Length <= MaxCopy ? text : string.Concat(text.AsSpan(0, MaxCopy - Cut.Length), Cut);
    }
}
