using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Reads rule files (Sigma specification 2.1): one document or many, collections, correlations and filters. Never throws; what cannot be
/// taken in is among the problems. Safe for several threads.
/// </summary>
public static class SigmaReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="file">Its name, for problems and for the ids of rules that have none.</param>
    public static SigmaDocuments Read(string text, string file) => Read(text, file, SigmaReaderOptions.None);

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="file">Its name, for problems and for the ids of rules that have none.</param>
    /// <param name="options">The placeholders.</param>
    public static SigmaDocuments Read(string text, string file, SigmaReaderOptions options)
    {
        var problems = new List<SigmaProblem>();
        var rules = ImmutableArray.CreateBuilder<SigmaRule>();
        var correlations = ImmutableArray.CreateBuilder<SigmaDocument>();
        var filters = ImmutableArray.CreateBuilder<SigmaDocument>();
        var collections = new RuleCollections(file, problems);
        foreach (var document in SigmaYaml.Read(text, file, problems))
        {
            if (collections.Resolve(document) is not { } resolved) continue;
            var root = resolved.Root;
            var version = SigmaDocument.VersionOf(resolved.Source);
            if (root.Has("correlation")) correlations.Add(new SigmaDocument(file, root.Line, version, root));
            else if (root.Has("filter")) filters.Add(new SigmaDocument(file, root.Line, version, root));
            else if (root.Has("detection")) Add(rules, Rule(root, file, version, options, problems));
            else if (!root.Has("tests")) ReportUnknown(root, file, problems);
        }

        return new SigmaDocuments(rules.ToImmutable(), correlations.ToImmutable(), filters.ToImmutable(), [.. problems]);
    }

    private static void Add(ImmutableArray<SigmaRule>.Builder rules, SigmaRule? rule)
    {
        if (rule is not null) rules.Add(rule);
    }

    private static void ReportUnknown(SigmaMap root, string file, List<SigmaProblem> problems) => problems.Add(new SigmaProblem(file, root.Line, "document.unknown", new Bilingual(
        "The document is no rule: it has no 'detection', 'correlation' or 'filter'.", "Le document n'est pas une règle : il n'a ni « detection », ni « correlation », ni « filter »."), true));

    private static SigmaRule? Rule(SigmaMap root, string file, string version, SigmaReaderOptions options, List<SigmaProblem> problems)
    {
        var sink = new ProblemSink(file, problems);
        var header = SigmaHeader.Read(root, file, version);
        var source = LogSource(root, sink);
        if (root["detection"] is not SigmaMap detection)
        {
            sink.Error(root["detection"]!.Line, "detection.empty", "'detection' is a map of detections and their condition.", "« detection » est une table de détections et de leur condition.");
            return null;
        }

        var reference = header.Name ?? header.Id;
        var detections = SigmaDetections.Read(detection, file, reference, options, problems);
        if (detections is null || sink.HasErrors) return null;
        foreach (var missing in detections.MissingPlaceholders)
            sink.Warning(detection.Line, "placeholder.no-value", $"The placeholder %{missing}% has no value; until it has one, the rule matches nothing.", $"Le paramètre %{missing}% n'a pas de valeur ; d'ici là, la règle ne correspond à rien.");
        return new SigmaRule(header)
        {
            Source = source,
            Conditions = detections.Conditions,
            Detections = detections.Detections,
            UnusedDetections = detections.Unused,
            MissingPlaceholders = detections.MissingPlaceholders,
        };
    }

    private static LogSource LogSource(SigmaMap root, ProblemSink sink)
    {
        if (root["logsource"] is not SigmaMap source)
        {
            sink.Error(root.Line, "logsource.missing", "The rule has no log source; it would look at every event.", "La règle n'a pas de source ; elle examinerait tout événement.");
            return default;
        }

        var read = new LogSource(Text(source, "product"), Text(source, "category"), Text(source, "service"));
        if (read == default)
            sink.Warning(source.Line, "logsource.empty", "The log source names no product, category or service; the rule looks at every event.", "La source ne nomme ni produit, ni catégorie, ni service ; la règle examine tout événement.");
        return read;
    }

    private static string? Text(SigmaMap map, string key) => map[key]?.Text is { Length: > 0 } text ? text.Trim() : null;
}
