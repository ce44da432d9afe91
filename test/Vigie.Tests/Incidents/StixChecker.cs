using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vigie.Tests.Incidents;

/// <summary>Holds a bundle against the rules of STIX 2.1 that can be checked on the objects themselves; says what is broken.</summary>
internal static partial class StixChecker
{
    private static readonly string[] Observables = ["artifact", "domain-name", "email-addr", "file", "ipv4-addr", "ipv6-addr", "url", "user-account"];

    // Properties that the specification requires of each type, beyond those of all (§3.1, §3.2, §4, §5, §6).
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["attack-pattern"] = ["name"],
        ["identity"] = ["name"],
        ["incident"] = ["name"],
        ["observed-data"] = ["first_observed", "last_observed", "number_observed", "object_refs"],
        ["report"] = ["name", "published", "object_refs"],
        ["relationship"] = ["relationship_type", "source_ref", "target_ref"],
        ["sighting"] = ["sighting_of_ref"],
        ["marking-definition"] = [],
        ["artifact"] = ["payload_bin"],
        ["domain-name"] = ["value"],
        ["email-addr"] = ["value"],
        ["file"] = ["hashes"],
        ["ipv4-addr"] = ["value"],
        ["ipv6-addr"] = ["value"],
        ["url"] = ["value"],
        ["user-account"] = ["account_login"],
    };

    public static IReadOnlyList<string> Check(JsonObject bundle)
    {
        var broken = new List<string>();
        if ((string?)bundle["type"] != "bundle" || !Id().IsMatch((string?)bundle["id"] ?? "")) broken.Add("the bundle has no type or id");
        var objects = bundle["objects"]!.AsArray().Select(o => o!.AsObject()).ToList();
        var ids = objects.Select(o => (string)o["id"]!).ToList();
        broken.AddRange(ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => $"{g.Key} is there twice"));
        var known = ids.ToHashSet(StringComparer.Ordinal);
        foreach (var o in objects) broken.AddRange(Object(o, known).Select(problem => $"{(string?)o["id"]}: {problem}"));
        return broken;
    }

    private static IEnumerable<string> Object(JsonObject o, HashSet<string> known)
    {
        var (type, id) = ((string?)o["type"] ?? "", (string?)o["id"] ?? "");
        if (!Required.TryGetValue(type, out var required))
        {
            yield return $"unknown type {type}";
            yield break;
        }

        if (!Id().IsMatch(id) || !id.StartsWith(type + "--", StringComparison.Ordinal)) yield return "the id is not of its type";
        if ((string?)o["spec_version"] != "2.1") yield return "spec_version";
        foreach (var name in required.Where(name => o[name] is null)) yield return $"{name} is missing";
        if (!Observables.Contains(type))
        {
            if (o["created"] is null || (type != "marking-definition" && o["modified"] is null)) yield return "created or modified is missing";
            if (o["modified"] is { } modified && string.CompareOrdinal((string)o["created"]!, (string)modified!) > 0) yield return "modified before created";
        }

        foreach (var (name, value) in o)
        {
            if (value is null) yield return $"{name} is null (§2.1: left out instead)";
            if (value is JsonArray { Count: 0 }) yield return $"{name} is an empty list";
            if (name is "created" or "modified" or "published" or "first_observed" or "last_observed" or "first_seen" or "last_seen" && !Time().IsMatch((string)value!)) yield return $"{name} is no timestamp";
            foreach (var reference in Refs(name, value).Where(reference => !known.Contains(reference))) yield return $"{name} refers to {reference}, which is not there";
        }

        if (o["object_refs"] is JsonArray refs && type == "observed-data" && refs.Any(r => !Observables.Contains(((string)r!).Split("--")[0]))) yield return "observed data refers to something else than observables";
        if (type == "sighting" && Observables.Contains(((string)o["sighting_of_ref"]!).Split("--")[0])) yield return "an observable cannot be sighted (§5.2)";
        if (o["first_observed"] is { } first && string.CompareOrdinal((string)first!, (string)o["last_observed"]!) > 0) yield return "observed to an end before its beginning";
        if (o["number_observed"] is { } number && (int)number! is < 1 or > 999_999_999) yield return "number_observed";
        if (type is "report" && o["report_types"] is JsonArray { Count: 0 }) yield return "report_types";
        if (o["external_references"] is JsonArray references && references.Any(r => r!["source_name"] is null)) yield return "an external reference without its source";
    }

    private static IEnumerable<string> Refs(string name, JsonNode? value) =>
        name.EndsWith("_ref", StringComparison.Ordinal) ? [(string)value!] : name.EndsWith("_refs", StringComparison.Ordinal) ? value!.AsArray().Select(r => (string)r!) : [];

    [GeneratedRegex("^[a-z][a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    private static partial Regex Time();
}
