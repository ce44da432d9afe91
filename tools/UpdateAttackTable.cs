#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
// Turns MITRE's ATT&CK for Enterprise into the compact table that the engine embeds: ids, names and tactics, no text.
// Run from the repository's root, review the difference, commit it:
//
//   dotnet run tools/UpdateAttackTable.cs -- ENTERPRISE_ATTACK
//
// ENTERPRISE_ATTACK is the STIX bundle (enterprise-attack.json), or its objects one a line, plain or gzip.

using System.IO.Compression;
using System.Text.Json;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run tools/UpdateAttackTable.cs -- ENTERPRISE_ATTACK");
    return 2;
}

var objects = Read(args[0]).Where(IsCurrent).ToList();
var tactics = objects.Where(o => Text(o, "type") == "x-mitre-tactic").ToDictionary(o => Text(o, "id")!, StringComparer.Ordinal);
var order = objects.Where(o => Text(o, "type") == "x-mitre-matrix").SelectMany(o => o.GetProperty("tactic_refs").EnumerateArray().Select(r => r.GetString()!)).Distinct().ToList();
if (order.Count == 0) order = [.. tactics.Values.OrderBy(Id, StringComparer.Ordinal).Select(t => Text(t, "id")!)];
var techniques = objects.Where(o => Text(o, "type") == "attack-pattern" && Id(o).StartsWith('T')).OrderBy(Id, StringComparer.Ordinal).ToList();
var modified = techniques.Select(o => Text(o, "modified")![..10]).Max();

using var writer = new StreamWriter("src/Vigie.Engine/Attack/Data/attack-techniques.txt") { NewLine = "\n" };
writer.WriteLine("# Tactics and techniques: facts from MITRE ATT&CK® for Enterprise, https://attack.mitre.org/ (ATT&CK terms of use).");
writer.WriteLine("# © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.");
writer.WriteLine("# Licence: The MITRE Corporation (MITRE) hereby grants you a non-exclusive, royalty-free license to use ATT&CK® for");
writer.WriteLine("# research, development, and commercial purposes. Any copy you make for such purposes is authorized provided that you");
writer.WriteLine("# reproduce MITRE's copyright designation and this license in any such copy.");
writer.WriteLine($"# Last modified: {modified}. Made by tools/UpdateAttackTable.cs; do not edit.");
writer.WriteLine("# TA: id, short name, name, in the order of the matrix. T: id, tactics, name. A line that begins with a dot is a");
writer.WriteLine("# sub-technique of the technique above it; it names its tactics only where they differ.");
foreach (var tactic in order.Select(id => tactics[id])) writer.WriteLine($"{Id(tactic)}\t{Text(tactic, "x_mitre_shortname")}\t{Text(tactic, "name")}");
var parent = "";
foreach (var technique in techniques)
{
    var (id, phases) = (Id(technique), Phases(technique));
    if (!id.Contains('.', StringComparison.Ordinal))
    {
        writer.WriteLine($"{id}\t{phases}\t{Text(technique, "name")}");
        parent = phases;
    }
    else
    {
        writer.WriteLine($"{id[id.IndexOf('.', StringComparison.Ordinal)..]}\t{(phases == parent ? "" : phases)}\t{Text(technique, "name")}");
    }
}

return 0;

static string? Text(JsonElement o, string name) => o.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

static bool Flag(JsonElement o, string name) => o.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

static bool IsCurrent(JsonElement o) => !Flag(o, "revoked") && !Flag(o, "x_mitre_deprecated");

static string Id(JsonElement o) => o.GetProperty("external_references").EnumerateArray().First(r => Text(r, "source_name") == "mitre-attack").GetProperty("external_id").GetString()!;

static string Phases(JsonElement o) => string.Join(',', o.GetProperty("kill_chain_phases").EnumerateArray().Where(p => Text(p, "kill_chain_name") == "mitre-attack").Select(p => Text(p, "phase_name")));

static IEnumerable<JsonElement> Read(string path)
{
    using var file = File.OpenRead(path);
    using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    using var reader = new StreamReader(stream);
    var first = reader.ReadLine() ?? "";
    if (!first.TrimStart().StartsWith("{\"type\": \"bundle\"", StringComparison.Ordinal) && first.TrimEnd().EndsWith('}'))
    {
        for (var line = first; line is not null; line = reader.ReadLine())
            if (line.Length > 0) yield return JsonDocument.Parse(line).RootElement;
        yield break;
    }

    foreach (var o in JsonDocument.Parse(first + reader.ReadToEnd()).RootElement.GetProperty("objects").EnumerateArray()) yield return o;
}
