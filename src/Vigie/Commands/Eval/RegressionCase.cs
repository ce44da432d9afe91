using System.Globalization;
using Vigie.Operations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vigie.Commands.Eval;

/// <summary>One file of the public regression data, and the rule it must make fire.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Title">The rule's title.</param>
/// <param name="File">The event log, or the raw log.</param>
/// <param name="Json">The same as JSON; null where there is none.</param>
/// <param name="AtLeast">How often the rule must fire.</param>
internal sealed record RegressionCase(string Rule, string Title, string File, string? Json, int AtLeast)
{
    /// <summary>The cases beneath a folder, in the order of their paths.</summary>
    /// <param name="folder"><c>regression_data</c>.</param>
    /// <param name="problems">Is told of files that do not say what they are for.</param>
    public static IReadOnlyList<RegressionCase> Under(string folder, ICollection<string> problems)
    {
        var cases = new List<RegressionCase>();
        foreach (var info in Directory.EnumerateFiles(folder, "info.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            try
            {
                if (Read(info) is { } read) cases.Add(read);
                else problems.Add($"{info}: names no rule, or there is no log beside it");
            }
            catch (Exception e) when (e is YamlException or InvalidOperationException)
            {
                problems.Add($"{info}: {e.Message}");
            }
        }

        return cases;
    }

    // The path in the file is relative to the repository it came from; the log lies beside the file. The one raw log has its
    // test commented out there, because other tools cannot read it.
    private static RegressionCase? Read(string info)
    {
        if (BoundedYaml.Load(System.IO.File.ReadAllText(info), 10, "regression data").Documents is not [{ RootNode: YamlMappingNode root }, ..]) return null;
        if (First(root, "rule_metadata") is not { } rule || Text(rule, "id") is not { } id) return null;
        var folder = Path.GetDirectoryName(info)!;
        var test = First(root, "regression_tests_info");
        var file = test is not null && Text(test, "path") is { } path
            ? Path.Combine(folder, Path.GetFileName(path))
            : Directory.EnumerateFiles(folder, $"{id}.*").FirstOrDefault(name => Path.GetExtension(name) is ".evtx" or ".raw");
        if (file is null || !System.IO.File.Exists(file)) return null;
        var json = Path.ChangeExtension(file, ".json");
        var atLeast = test is not null && int.TryParse(Text(test, "match_count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        return new RegressionCase(id, Text(rule, "title") ?? id, file, json != file && System.IO.File.Exists(json) ? json : null, atLeast);
    }

    private static YamlMappingNode? First(YamlMappingNode map, string key) => Find(map, key) is YamlSequenceNode { Children: [YamlMappingNode first, ..] } ? first : null;

    private static string? Text(YamlMappingNode map, string key) => Find(map, key) is YamlScalarNode { Value: { Length: > 0 } text } ? text.Trim() : null;

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.FirstOrDefault(child => child.Key is YamlScalarNode { Value: { } name } && name.Trim() == key).Value;
}
