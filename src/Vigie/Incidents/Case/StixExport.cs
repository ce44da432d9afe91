using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vigie.Engine.Attack;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Engine.Stix;

namespace Vigie.Incidents.Case;

/// <summary>
/// An incident as a STIX 2.1 bundle: the incident, its findings as observed data, the techniques as attack patterns that were
/// sighted, and a report over all of it. The same incident gives the same identifiers. There are no indicators: that something
/// was involved does not make it hostile, and who receives one blocks it.
/// </summary>
public sealed class StixExport
{
    /// <summary>The most findings of a bundle.</summary>
    public const int MaxFindings = 2000;

    // Copies of evidence go with so many findings at most: a bundle is read by programs whole.
    private const int MaxCopies = 200;
    private const int MaxObjectsOfFinding = 200;

    // Objects that are the same in every bundle need a date that is the same too (STIX 2.1 §3.6): that of the table of techniques.
    private const string Constant = "2025-11-12T00:00:00.000Z";

    private readonly Incident _incident;
    private readonly ImmutableArray<StorySentence> _story;
    private readonly TlpMarking _marking;
    private readonly bool _evidence;
    private readonly string _identity = StixIds.Of("identity", "vigie");
    private readonly string _id;
    private readonly Dictionary<string, JsonObject> _observables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _hosts = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _observed = [];
    private readonly SortedDictionary<string, Seen> _techniques = new(StringComparer.Ordinal);
    private int _findings;
    private int _copies;

    /// <summary>Begins a bundle.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="story">What is said of it.</param>
    /// <param name="marking">How far it may be passed on.</param>
    /// <param name="evidence">Whether copies of the evidence go with it.</param>
    public StixExport(Incident incident, ImmutableArray<StorySentence> story, TlpMarking marking, bool evidence)
    {
        (_incident, _story, _marking, _evidence) = (incident, story, marking, evidence);
        // Numbers begin at 1 everywhere; when it was opened tells this incident from those of others.
        _id = StixIds.Of("incident", string.Create(CultureInfo.InvariantCulture, $"{incident.Id}:{incident.CreatedAt.ToUnixTimeMilliseconds()}"));
    }

    /// <summary>Whether no more findings fit.</summary>
    public bool IsFull => _findings >= MaxFindings;

    /// <summary>Adds a finding; beyond <see cref="MaxFindings"/> it is counted out.</summary>
    public void Add(Finding finding)
    {
        if (IsFull) return;
        _findings++;
        var refs = new List<string>();
        foreach (var entity in finding.Entities.Take(MaxObjectsOfFinding))
        {
            if (entity.Kind == EntityKinds.Host) AddHost(entity.Value);
            else if (StixObservables.Of(entity) is { } observable) refs.Add(Keep(observable));
        }

        if (_evidence && _copies < MaxCopies)
        {
            foreach (var copy in finding.Evidence.Select(piece => piece.Copy).OfType<string>().Where(copy => copy.Length > 0))
            {
                _copies++;
                refs.Add(Keep(StixObservables.Artifact(Encoding.UTF8.GetBytes(copy))));
            }
        }

        // STIX 2.1 §4.14: it ends no earlier than it began, whatever a clock said.
        var (first, last) = (Time(finding.FirstSeen), Time(finding.LastSeen < finding.FirstSeen ? finding.FirstSeen : finding.LastSeen));
        string? observed = null;
        if (refs.Count > 0)
        {
            // STIX 2.1 §4.14: observed data refers to at least one observable.
            var data = Domain("observed-data", StixIds.Of("observed-data", finding.Id.Value), first, last);
            data["first_observed"] = first;
            data["last_observed"] = last;
            data["number_observed"] = 1;
            data["object_refs"] = Array(refs.Distinct(StringComparer.Ordinal));
            data["external_references"] = new JsonArray(new JsonObject { ["source_name"] = "vigie", ["external_id"] = finding.Id.Value, ["description"] = Cut(finding.Title.English, 300) });
            _observed.Add(data);
            observed = (string)data["id"]!;
        }

        foreach (var technique in finding.Techniques.Select(id => AttackMatrix.Enterprise.Find(id)).OfType<AttackTechnique>().DistinctBy(technique => technique.Id))
        {
            if (!_techniques.TryGetValue(technique.Id, out var seen)) _techniques.Add(technique.Id, seen = new Seen(technique));
            seen.Add(finding, observed);
        }
    }

    /// <summary>Writes the bundle.</summary>
    public async Task WriteAsync(Stream output, CancellationToken ct)
    {
        await using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        Bundle().WriteTo(writer);
        await writer.FlushAsync(ct);
    }

    /// <summary>The bundle.</summary>
    public JsonObject Bundle()
    {
        var patterns = _techniques.Values.Select(Pattern).ToList();
        var incident = IncidentObject();
        var objects = new List<JsonObject>();
        objects.AddRange(patterns);
        objects.AddRange(_hosts.Values);
        objects.Add(incident);
        objects.AddRange(_observables.Values);
        objects.AddRange(_observed);
        objects.AddRange(_techniques.Values.Select(Sighting));
        objects.AddRange(patterns.Concat(_hosts.Values).Select(target => Relationship(_id, (string)target["id"]!)));
        var report = Report(objects);
        return new JsonObject
        {
            ["type"] = "bundle",
            ["id"] = StixIds.Of("bundle", string.Create(CultureInfo.InvariantCulture, $"{_id}:{_incident.Version}:{_findings}:{_evidence}")),
            ["objects"] = new JsonArray([Identity(), Marking(), .. objects, report]),
        };
    }

    private JsonObject IncidentObject()
    {
        var incident = Domain("incident", _id, Time(_incident.CreatedAt), Changed);
        incident["name"] = Cut(_incident.Title.English, 300);
        incident["description"] = Story();
        incident["external_references"] = new JsonArray(new JsonObject { ["source_name"] = "vigie", ["external_id"] = string.Create(CultureInfo.InvariantCulture, $"{_incident.Id}") });
        return incident;
    }

    private JsonObject Report(IEnumerable<JsonObject> objects)
    {
        var report = Domain("report", StixIds.Of("report", _id), Time(_incident.CreatedAt), Changed);
        report["name"] = Cut(_incident.Title.English, 300);
        report["description"] = Story() + (_findings < _incident.Findings
            ? string.Create(CultureInfo.InvariantCulture, $"\n\nThis bundle has the latest {_findings} of {_incident.Findings} findings.")
            : "");
        report["report_types"] = new JsonArray("threat-report");
        report["published"] = Changed;
        report["object_refs"] = Array(objects.Select(o => (string)o["id"]!));
        return report;
    }

    private JsonObject Pattern(Seen seen)
    {
        var pattern = Domain("attack-pattern", StixIds.Of("attack-pattern", seen.Technique.Id), Constant, Constant);
        pattern["name"] = AttackMatrix.Enterprise.FullName(seen.Technique.Id);
        pattern["kill_chain_phases"] = new JsonArray([.. seen.Technique.Tactics.Select(tactic => (JsonNode)new JsonObject { ["kill_chain_name"] = "mitre-attack", ["phase_name"] = tactic })]);
        pattern["external_references"] = new JsonArray(new JsonObject
        {
            ["source_name"] = "mitre-attack",
            ["external_id"] = seen.Technique.Id,
            ["url"] = $"https://attack.mitre.org/techniques/{seen.Technique.Id.Replace('.', '/')}",
        });
        return pattern;
    }

    private JsonObject Sighting(Seen seen)
    {
        var pattern = StixIds.Of("attack-pattern", seen.Technique.Id);
        var sighting = Domain("sighting", StixIds.Of("sighting", $"{_id}:{pattern}"), Time(_incident.CreatedAt), Changed);
        sighting["first_seen"] = Time(seen.First);
        sighting["last_seen"] = Time(seen.Last);
        sighting["count"] = seen.Count;
        sighting["sighting_of_ref"] = pattern;
        if (seen.Observed.Count > 0) sighting["observed_data_refs"] = Array(seen.Observed);
        sighting["where_sighted_refs"] = new JsonArray(_identity);
        return sighting;
    }

    private JsonObject Relationship(string source, string target)
    {
        var relationship = Domain("relationship", StixIds.Of("relationship", $"{source}:related-to:{target}"), Time(_incident.CreatedAt), Changed);
        relationship["relationship_type"] = "related-to";
        relationship["source_ref"] = source;
        relationship["target_ref"] = target;
        return relationship;
    }

    // STIX 2.1 has no observable for a host by its name; an identity of the class "system" is a computer (§10.7).
    private void AddHost(string name)
    {
        if (name.Length is 0 or > 400) return;
        var id = StixIds.Of("identity", "host:" + name);
        if (_hosts.ContainsKey(id) || _hosts.Count >= MaxObjectsOfFinding) return;
        var host = Domain("identity", id, Constant, Constant);
        host["name"] = name;
        host["identity_class"] = "system";
        _hosts.Add(id, host);
    }

    private string Keep(JsonObject observable)
    {
        var id = (string)observable["id"]!;
        observable["object_marking_refs"] = new JsonArray(_marking.Id);
        _observables.TryAdd(id, observable);
        return id;
    }

    private JsonObject Identity() => new()
    {
        ["type"] = "identity",
        ["spec_version"] = "2.1",
        ["id"] = _identity,
        ["created"] = Constant,
        ["modified"] = Constant,
        ["name"] = "Vigie",
        ["identity_class"] = "system",
    };

    private JsonObject Marking() => new()
    {
        ["type"] = "marking-definition",
        ["spec_version"] = "2.1",
        ["id"] = _marking.Id,
        ["created"] = TlpMarking.Created,
        ["name"] = _marking.Name,
        ["extensions"] = new JsonObject { [TlpMarking.Extension] = new JsonObject { ["extension_type"] = "property-extension", ["tlp_2_0"] = _marking.Value } },
    };

    private JsonObject Domain(string type, string id, string created, string modified) => new()
    {
        ["type"] = type,
        ["spec_version"] = "2.1",
        ["id"] = id,
        ["created_by_ref"] = _identity,
        ["created"] = created,
        ["modified"] = string.CompareOrdinal(modified, created) < 0 ? created : modified,
        ["object_marking_refs"] = new JsonArray(_marking.Id),
    };

    private string Changed => Time(_incident.ChangedAt < _incident.CreatedAt ? _incident.CreatedAt : _incident.ChangedAt);

    private string Story() => string.Join(' ', _story.Select(sentence => sentence.Text.English));

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];

    private static string Cut(string text, int max) => text.Length <= max ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[max - 1]) ? max - 1 : max), "…");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed class Seen(AttackTechnique technique)
    {
        public AttackTechnique Technique { get; } = technique;

        public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

        public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

        public int Count { get; private set; }

        public HashSet<string> Observed { get; } = new(StringComparer.Ordinal);

        public void Add(Finding finding, string? observed)
        {
            if (finding.FirstSeen < First) First = finding.FirstSeen;
            if (finding.LastSeen > Last) Last = finding.LastSeen;
            Count++;
            if (observed is not null) Observed.Add(observed);
        }
    }
}
