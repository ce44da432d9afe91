using System.Globalization;
using System.Text;
using System.Text.Json;
using Vigie.Commands.Logs;
using Vigie.Engine.Attack;

namespace Vigie.Commands.Rules;

/// <summary>How many rules look for one technique.</summary>
/// <param name="Technique">Its id.</param>
/// <param name="Rules">How many.</param>
/// <param name="Titles">The titles of some of them.</param>
internal sealed record TechniqueCoverage(string Technique, int Rules, IReadOnlyList<string> Titles);

/// <summary>Coverage as a layer for MITRE's ATT&amp;CK Navigator (layer format 4.5).</summary>
internal static class NavigatorLayer
{
    /// <summary>The layer's JSON.</summary>
    public static string Write(string name, string description, IReadOnlyList<TechniqueCoverage> coverage)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonHits.Options with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartObject("versions");
            json.WriteString("layer", "4.5");
            json.WriteString("navigator", "5.1.0");
            json.WriteEndObject();
            json.WriteString("domain", "enterprise-attack");
            json.WriteString("description", description);
            json.WriteNumber("sorting", 3);
            json.WriteBoolean("hideDisabled", false);
            WriteTechniques(json, coverage);
            WriteGradient(json, coverage);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static void WriteTechniques(Utf8JsonWriter json, IReadOnlyList<TechniqueCoverage> coverage)
    {
        json.WriteStartArray("techniques");
        foreach (var technique in coverage)
        {
            json.WriteStartObject();
            json.WriteString("techniqueID", technique.Technique);
            json.WriteNumber("score", technique.Rules);
            json.WriteBoolean("enabled", true);
            json.WriteString("comment", string.Join("\n", technique.Titles));
            json.WriteBoolean("showSubtechniques", coverage.Any(other => other.Technique.StartsWith(technique.Technique + ".", StringComparison.Ordinal)));
            json.WriteStartArray("metadata");
            json.WriteStartObject();
            json.WriteString("name", "rules");
            json.WriteString("value", technique.Rules.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // One to the most rules of any technique: light to dark, readable for people who do not tell red from green.
    private static void WriteGradient(Utf8JsonWriter json, IReadOnlyList<TechniqueCoverage> coverage)
    {
        json.WriteStartObject("gradient");
        json.WriteStartArray("colors");
        json.WriteStringValue("#deebf7");
        json.WriteStringValue("#3182bd");
        json.WriteEndArray();
        json.WriteNumber("minValue", 1);
        json.WriteNumber("maxValue", Math.Max(2, coverage.Count == 0 ? 2 : coverage.Max(technique => technique.Rules)));
        json.WriteEndObject();
    }
}

/// <summary>Which techniques a set of rules looks for.</summary>
internal static class RuleCoverage
{
    private const int MostTitles = 20;

    /// <summary>By technique id; ids that ATT&amp;CK does not have (mistyped, revoked) are among them.</summary>
    public static IReadOnlyList<TechniqueCoverage> Of(IEnumerable<(string Title, IEnumerable<string> Techniques)> rules) =>
        [.. rules.SelectMany(rule => rule.Techniques.Distinct(StringComparer.OrdinalIgnoreCase).Select(technique => (Technique: technique.ToUpperInvariant(), rule.Title)))
            .GroupBy(pair => pair.Technique, pair => pair.Title, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new TechniqueCoverage(group.Key, group.Count(), [.. group.Order(StringComparer.Ordinal).Take(MostTitles)]))];

    /// <summary>By tactic, in the order of the matrix: how many of its techniques (sub-techniques not counted) some rule looks for, itself or by a sub-technique.</summary>
    public static IReadOnlyList<(AttackTactic Tactic, int Covered, int All)> ByTactic(IReadOnlyList<TechniqueCoverage> coverage)
    {
        var matrix = AttackMatrix.Enterprise;
        var covered = coverage.Select(technique => technique.Technique.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        return [.. matrix.Tactics.Select(tactic =>
        {
            var techniques = matrix.Techniques.Where(technique => !technique.IsSubTechnique && technique.Tactics.Contains(tactic.ShortName)).ToList();
            return (tactic, techniques.Count(technique => covered.Contains(technique.Id)), techniques.Count);
        })];
    }
}
