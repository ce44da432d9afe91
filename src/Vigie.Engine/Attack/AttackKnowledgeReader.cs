using System.Collections.Immutable;
using System.Text.Json;

namespace Vigie.Engine.Attack;

/// <summary>
/// Reads a collection of ATT&amp;CK from STIX objects: who used which technique, what hinders it, what shows it. Objects that are
/// revoked or deprecated, and relationships to such, do not count; of two objects with one id the one changed last does. Any
/// bytes are taken: an object that cannot be used is a problem and is passed over.
/// </summary>
public sealed class AttackKnowledgeReader
{
    /// <summary>Log sources of one detection that are kept.</summary>
    public const int MaxLogSources = 8;

    /// <summary>Characters of a name that are kept.</summary>
    public const int MaxName = 200;

    private readonly StixLimits _limits;
    private readonly StixObjectScanner _scanner;
    private readonly Dictionary<string, StixObject> _objects = new(StringComparer.Ordinal);
    private readonly List<StixProblem> _problems = [];

    /// <summary>A reader that ends at these limits.</summary>
    public AttackKnowledgeReader(StixLimits limits)
    {
        _limits = limits;
        _scanner = new StixObjectScanner(limits, Take, Add);
    }

    /// <summary>The first problems found.</summary>
    public IReadOnlyList<StixProblem> Problems => _problems;

    /// <summary>How many problems there were.</summary>
    public int ProblemCount { get; private set; }

    /// <summary>Why reading ended early; null when it did not.</summary>
    public StixProblem? Failure => _scanner.Failure;

    /// <summary>How many objects were read.</summary>
    public int Objects => _scanner.Objects;

    /// <summary>Takes the next bytes; false once reading has ended early.</summary>
    public bool Feed(ReadOnlySpan<byte> bytes) => _scanner.Feed(bytes);

    /// <summary>Says that there are no more bytes; null when reading ended early, see <see cref="Failure"/>.</summary>
    public AttackKnowledge? End() => _scanner.End() ? new AttackKnowledgeBuilder(_objects).Build() : null;

    private void Take(JsonElement element, int line)
    {
        try
        {
            if (StixObject.Read(element, line, Add) is not { } read) return;
            if (_objects.TryGetValue(read.Id, out var other) && string.CompareOrdinal(other.Modified, read.Modified) > 0) return;
            _objects[read.Id] = read;
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json throws for half a surrogate pair or bytes that are not UTF-8.
            Add(new StixProblem(line, "", "a text is not Unicode"));
        }
    }

    private void Add(StixProblem problem)
    {
        ProblemCount++;
        if (_problems.Count < _limits.MaxProblems) _problems.Add(problem);
    }
}

/// <summary>Of a STIX object what the knowledge is made of.</summary>
internal sealed record StixObject
{
    private static readonly string[] KnownTypes =
    [
        "attack-pattern", "campaign", "intrusion-set", "course-of-action", "relationship", "marking-definition", "x-mitre-tactic", "x-mitre-matrix", "x-mitre-collection",
        "x-mitre-detection-strategy", "x-mitre-analytic", "x-mitre-data-component",
    ];

    public required string Type { get; init; }

    public required string Id { get; init; }

    public string Modified { get; init; } = "";

    public bool Gone { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The id people use, such as <c>T1059</c>; empty where there is none.</summary>
    public string Known { get; init; } = "";

    /// <summary>Of a relationship its type; of a tactic its short name; of a marking its statement; of a collection its version.</summary>
    public string Word { get; init; } = "";

    public string Source { get; init; } = "";

    public string Target { get; init; } = "";

    /// <summary>Of a technique its tactics; of a matrix, strategy or analytic the ids or log sources it names.</summary>
    public ImmutableArray<string> List { get; init; } = [];

    /// <summary>The object; null where it is of no interest, or cannot be used, which is then a problem.</summary>
    public static StixObject? Read(JsonElement element, int line, Action<StixProblem> problem)
    {
        if (Text(element, "type") is not { Length: > 0 } type) return Refuse("type", "a text is expected");
        if (!KnownTypes.Contains(type, StringComparer.Ordinal)) return null;
        if (Text(element, "id") is not { Length: > 0 and <= 200 } id) return Refuse("id", "a text of at most 200 characters is expected");

        var read = new StixObject
        {
            Type = type,
            Id = id,
            Modified = Text(element, "modified") ?? "",
            Gone = Flag(element, "revoked") || Flag(element, "x_mitre_deprecated"),
            Name = Cut(Text(element, "name") ?? ""),
            Known = KnownId(element),
        };
        switch (type)
        {
            case "relationship":
                if (Text(element, "relationship_type") is not { } kind) return Refuse("relationship_type", "a text is expected");
                if (Text(element, "source_ref") is not { } source) return Refuse("source_ref", "a text is expected");
                if (Text(element, "target_ref") is not { } target) return Refuse("target_ref", "a text is expected");
                return read with { Word = kind, Source = source, Target = target };
            case "attack-pattern":
                if (!read.Gone && read.Known.Length == 0) return Refuse("external_references", $"{id} has no technique's id");
                return read with { List = [.. Items(element, "kill_chain_phases").Where(phase => Text(phase, "kill_chain_name")?.StartsWith("mitre-", StringComparison.Ordinal) is true).Select(phase => Text(phase, "phase_name")).OfType<string>().Distinct(StringComparer.Ordinal)] };
            case "x-mitre-tactic":
                return read with { Word = Text(element, "x_mitre_shortname") ?? "" };
            case "x-mitre-collection":
                return read with { Word = Text(element, "x_mitre_version") ?? "" };
            case "marking-definition":
                return read with { Word = Cut(element.TryGetProperty("definition", out var definition) && definition.ValueKind == JsonValueKind.Object ? Text(definition, "statement") ?? "" : "") };
            case "x-mitre-matrix":
                return read with { List = Texts(element, "tactic_refs") };
            case "x-mitre-detection-strategy":
                return read with { List = Texts(element, "x_mitre_analytic_refs") };
            case "x-mitre-analytic":
                return read with { List = [.. Items(element, "x_mitre_log_source_references").Select(reference => Text(reference, "name")).OfType<string>().Select(Cut)] };
            default:
                return read;
        }

        StixObject? Refuse(string field, string text)
        {
            problem(new StixProblem(line, field, text));
            return null;
        }
    }

    private static string KnownId(JsonElement element) =>
        Items(element, "external_references").Where(reference => Text(reference, "source_name")?.StartsWith("mitre", StringComparison.Ordinal) is true)
            .Select(reference => Text(reference, "external_id")).FirstOrDefault(id => id is { Length: > 0 and <= 20 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) ?? "";

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    private static ImmutableArray<string> Texts(JsonElement element, string name) =>
        [.. Items(element, name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    private static string Cut(string text) => text.Length <= AttackKnowledgeReader.MaxName ? text : text[..AttackKnowledgeReader.MaxName];
}
