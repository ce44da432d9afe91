using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vigie.Console;

/// <summary>
/// What tells events that stand beside each other apart. Events of one log begin alike: time, host, channel. A line of a list shows what
/// the others do not have in common.
/// </summary>
internal static class EventGists
{
    private const int MaxDepth = 16;
    private const int MaxFields = 200;
    private const int MaxValue = 90;
    private const int FewestCounted = 4;

    /// <summary>For each event that is a JSON object, its fields that are not the same in all; nothing for others, and nothing where none is left.</summary>
    /// <param name="copies">The events, as they were read.</param>
    /// <param name="telling">Names of fields that say what an event is about, for events that differ in nothing but their time.</param>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyCollection<string> copies, IReadOnlyCollection<string>? telling = null)
    {
        var read = new Dictionary<string, List<(string Name, string Value)>>(StringComparer.Ordinal);
        foreach (var copy in copies.Distinct(StringComparer.Ordinal))
        {
            if (Fields(copy) is { Count: > 0 } fields) read[copy] = fields;
        }

        var gists = new Dictionary<string, string>(StringComparer.Ordinal);
        if (read.Count < 2) return gists;
        var shared = read.Values.SelectMany(fields => fields.Distinct()).GroupBy(field => field).Where(field => field.Count() == read.Count).Select(field => field.Key).ToHashSet();
        var counters = Counters(read.Values);
        foreach (var (copy, fields) in read)
        {
            var own = fields.Where(field => !shared.Contains(field) && !IsTime(field.Value) && !Guid.TryParse(field.Value, out _) && !counters.Contains(field.Name)).Select(field => $"{field.Name}={field.Value}");
            if (string.Join("  ", own) is { Length: > 0 } gist) gists[copy] = gist;
            else if (telling is not null && string.Join("  ", fields.Where(field => telling.Contains(field.Name)).Select(field => $"{field.Name}={field.Value}")) is { Length: > 0 } same) gists[copy] = same;
        }

        return gists;
    }

    // A number that every event has and no two share counts the events: it tells nobody what happened.
    private static HashSet<string> Counters(Dictionary<string, List<(string Name, string Value)>>.ValueCollection events) => events.Count < FewestCounted ? [] :
    [
        .. events.SelectMany(fields => fields.DistinctBy(field => field.Name)).GroupBy(field => field.Name, field => field.Value)
            .Where(field => field.Count() == events.Count && field.Distinct().Count() == events.Count && field.All(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            .Select(field => field.Key),
    ];

    private static List<(string Name, string Value)>? Fields(string copy)
    {
        if (!copy.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal)) return null;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(copy), new JsonDocumentOptions { MaxDepth = MaxDepth });
            var fields = new List<(string, string)>();
            Add(fields, "", document.RootElement);
            return fields;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Add(List<(string Name, string Value)> fields, string name, JsonElement element)
    {
        if (fields.Count >= MaxFields) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject()) Add(fields, member.Name, member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Add(fields, name, item);
                break;
            case JsonValueKind.Null:
                break;
            default:
                if (element.ToString() is { Length: > 0 } value) fields.Add((name, value.Length <= MaxValue ? value : value[..MaxValue] + "…"));
                break;
        }
    }

    // The time stands before the line already. A date that a person wrote is longer or shorter.
    private static bool IsTime(string value) => value.Length is >= 16 and <= 35 && value[4] == '-' && value[7] == '-' && value[10] is 'T' or ' ' && char.IsAsciiDigit(value[0]) && char.IsAsciiDigit(value[11]);
}
