using System.Text;
using System.Text.Json;
using Vigie.Engine.Attack;

namespace Vigie.Tests.Attack;

/// <summary>A collection of our own making, in the shape of ATT&amp;CK's.</summary>
internal sealed class StixText
{
    private readonly List<object> _objects =
    [
        new { type = "marking-definition", id = "marking-definition--1", definition = new { statement = "Copyright nobody." } },
        new { type = "x-mitre-matrix", id = "x-mitre-matrix--1", tactic_refs = new[] { "x-mitre-tactic--in", "x-mitre-tactic--run", "x-mitre-tactic--out" } },
        new { type = "x-mitre-tactic", id = "x-mitre-tactic--in", x_mitre_shortname = "initial-access" },
        new { type = "x-mitre-tactic", id = "x-mitre-tactic--run", x_mitre_shortname = "execution" },
        new { type = "x-mitre-tactic", id = "x-mitre-tactic--out", x_mitre_shortname = "exfiltration" },
    ];

    private int _relations;

    public IReadOnlyList<object> Objects => _objects;

    public StixText Add(object o)
    {
        _objects.Add(o);
        return this;
    }

    public StixText Technique(string id, string tactic, bool revoked = false) => Add(new
    {
        type = "attack-pattern",
        id = "attack-pattern--" + id,
        name = "Technique " + id,
        modified = "2024-05-01T00:00:00.000Z",
        revoked,
        external_references = new[] { new { source_name = "elsewhere", external_id = "X1" }, new { source_name = "mitre-attack", external_id = id } },
        kill_chain_phases = new[] { new { kill_chain_name = "mitre-attack", phase_name = tactic } },
    });

    public StixText Case(string id, bool campaign, params string[] techniques)
    {
        var type = campaign ? "campaign" : "intrusion-set";
        Add(new { type, id = $"{type}--{id}", name = "Case " + id, external_references = new[] { new { source_name = "mitre-attack", external_id = id } } });
        foreach (var technique in techniques) Relation("uses", $"{type}--{id}", "attack-pattern--" + technique);
        return this;
    }

    public StixText Relation(string kind, string source, string target, bool revoked = false) => Add(new
    {
        type = "relationship",
        id = $"relationship--{++_relations:0000}",
        relationship_type = kind,
        source_ref = source,
        target_ref = target,
        revoked,
    });

    private static JsonSerializerOptions Pretty { get; } = new() { WriteIndented = true };

    public string Lines() => string.Join('\n', _objects.Select(o => JsonSerializer.Serialize(o)));

    public string Bundle(bool pretty = false) =>
        JsonSerializer.Serialize(new { type = "bundle", id = "bundle--1", objects = _objects, spec_version = "2.1" }, pretty ? Pretty : null);

    public AttackKnowledge Knowledge() => Read(Encoding.UTF8.GetBytes(Lines())).Knowledge!;

    public static (AttackKnowledge? Knowledge, AttackKnowledgeReader Reader) Read(ReadOnlySpan<byte> bytes, StixLimits? limits = null, int piece = int.MaxValue)
    {
        var reader = new AttackKnowledgeReader(limits ?? new StixLimits());
        while (bytes.Length > 0)
        {
            var length = Math.Min(piece, bytes.Length);
            if (!reader.Feed(bytes[..length])) break;
            bytes = bytes[length..];
        }

        return (reader.End(), reader);
    }

    /// <summary>Three ways in, three ways to run, three ways out; who comes in by one uses the others of the same number.</summary>
    public static StixText ThreeWays()
    {
        var text = new StixText();
        foreach (var way in (int[])[1, 2, 3])
        {
            text.Technique($"T100{way}", "initial-access").Technique($"T200{way}", "execution").Technique($"T201{way}", "execution").Technique($"T300{way}", "exfiltration").Technique($"T301{way}", "exfiltration");
            for (var i = 0; i < 6; i++) text.Case($"G{way}00{i}", campaign: i % 2 == 0, $"T100{way}", $"T200{way}", $"T201{way}", $"T300{way}", $"T301{way}");
        }

        return text;
    }
}
