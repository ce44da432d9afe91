using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vigie.Tests.Incidents;

/// <summary>The JSON schemas of STIX 2.1 as OASIS publishes them.</summary>
internal sealed class StixSchemas
{
    private const string Folder = "stix/schemas";
    private const string Bundle = "common/bundle.json";

    // Types of STIX 2.1 that have a schema, which that of the bundle does not list: beside none of its own it takes an object only as a custom one.
    private static readonly string[] Unlisted = ["grouping", "incident", "location", "note", "opinion"];

    private readonly JsonSchemas _schemas;
    private readonly Dictionary<string, string> _files;

    private StixSchemas(string root)
    {
        _schemas = new JsonSchemas(root);
        _files = Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => Path.GetRelativePath(root, file), StringComparer.Ordinal);
    }

    /// <summary>The schemas; the test is skipped where they are absent.</summary>
    public static StixSchemas Require() => new(ExternalData.Require(Folder));

    /// <summary>The schemas; null where they are absent.</summary>
    public static StixSchemas? Find() => ExternalData.Find(Folder) is { } root ? new StixSchemas(root) : null;

    /// <summary>What is wrong with a bundle, each object by the schema of its own type and then the whole; or with a single object.</summary>
    public IReadOnlyList<string> Check(JsonNode bundle)
    {
        if ((string?)bundle["type"] != "bundle") return Object(bundle);
        var whole = bundle.DeepClone();
        var listed = new JsonArray();
        foreach (var one in whole["objects"]!.AsArray().Where(one => !Unlisted.Contains((string?)one!["type"])).ToList()) listed.Add(one!.DeepClone());
        whole["objects"] = listed;
        return [.. bundle["objects"]!.AsArray().SelectMany(one => Object(one!)), .. _schemas.Check(JsonSerializer.SerializeToElement(whole), Bundle)];
    }

    private IReadOnlyList<string> Object(JsonNode one) => (string?)one["type"] is { } type && _files.TryGetValue(type, out var file)
        ? [.. _schemas.Check(JsonSerializer.SerializeToElement(one), file).Select(fault => $"{one["id"]}{fault}")]
        : [$"{one["id"]}: \"{one["type"]}\" is no type of STIX"];
}
