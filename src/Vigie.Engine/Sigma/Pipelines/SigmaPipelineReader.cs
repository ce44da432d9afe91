using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Reads pipelines from YAML; the form is described in <c>docs/pipelines.md</c>. Never throws; safe for several threads.</summary>
public static class SigmaPipelineReader
{
    private const int MaxNesting = 8;

    /// <summary>The pipelines of a file, one a document. One with an error is left out; what is wrong goes to <paramref name="problems"/>.</summary>
    public static ImmutableArray<SigmaPipeline> Read(string text, string file, ICollection<SigmaProblem> problems)
    {
        var pipelines = ImmutableArray.CreateBuilder<SigmaPipeline>();
        foreach (var document in SigmaYaml.Read(text, file, problems))
        {
            if (Read(document, file, new ProblemSink(file, problems), problems) is { } pipeline) pipelines.Add(pipeline);
        }

        return pipelines.ToImmutable();
    }

    private static SigmaPipeline? Read(SigmaYamlDocument document, string file, ProblemSink sink, ICollection<SigmaProblem> problems)
    {
        var root = document.Root;
        foreach (var entry in root.Entries)
        {
            if (entry.Name is "postprocessing" or "finalizers")
                sink.Warning(entry.Line, "pipeline.queries", $"'{entry.Name}' is about queries for other products; rules run natively here, so it does nothing.", $"« {entry.Name} » concerne les requêtes d'autres produits ; les règles s'exécutent ici nativement, il n'a donc pas d'effet.");
            else if (entry.Name is not ("name" or "priority" or "vars" or "transformations" or "allowed_backends"))
                sink.Warning(entry.Line, "pipeline.unknown-key", $"'{entry.Name}' is no attribute of a pipeline.", $"« {entry.Name} » n'est pas un attribut d'un pipeline.");
        }

        var priority = 0;
        if (root["priority"] is { } written && !int.TryParse(written.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority))
            sink.Error(written.Line, "pipeline.priority", "'priority' is a whole number.", "« priority » est un nombre entier.");
        var vars = ReadVars(root["vars"], sink);
        var placeholders = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var items = ReadItems(root["transformations"], root.Line, new Reading(file, sink, problems, vars, placeholders), 0);
        if (sink.HasErrors) return null;
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document.Source.ReplaceLineEndings("\n").Trim())))[..16];
        return new SigmaPipeline(root["name"]?.Text ?? file, priority, items, placeholders.ToImmutable(), file, version);
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> ReadVars(SigmaNode? node, ProblemSink sink)
    {
        if (node is null or SigmaScalar { IsNull: true }) return ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        if (node is SigmaMap map) return map.Entries.ToImmutableDictionary(e => e.Name, e => SigmaHeader.Texts(e.Value), StringComparer.Ordinal);
        sink.Error(node.Line, "pipeline.vars", "'vars' is a map of names to values or lists of values.", "« vars » est une table de noms vers des valeurs ou des listes de valeurs.");
        return ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    }

    private static ImmutableArray<PipelineItem> ReadItems(SigmaNode? node, int line, Reading reading, int depth)
    {
        if (node is not SigmaList list)
        {
            if (node is not (null or SigmaScalar { IsNull: true })) reading.Sink.Error(node.Line, "pipeline.items", "Transformations are a list.", "Les transformations forment une liste.");
            else reading.Sink.Warning(line, "pipeline.empty", "There is no transformation.", "Il n'y a pas de transformation.");
            return [];
        }

        if (depth > MaxNesting)
        {
            reading.Sink.Error(list.Line, "pipeline.too-deep", $"More than {MaxNesting} levels of 'nest'.", $"Plus de {MaxNesting} niveaux de « nest ».");
            return [];
        }

        var items = ImmutableArray.CreateBuilder<PipelineItem>();
        foreach (var node2 in list.Items)
        {
            if (node2 is SigmaMap map && ReadItem(map, reading, depth) is { } item) items.Add(item);
            else if (node2 is not SigmaMap) reading.Sink.Error(node2.Line, "pipeline.items", "A transformation is a map with 'type'.", "Une transformation est une table avec « type ».");
        }

        return items.ToImmutable();
    }

    private static PipelineItem? ReadItem(SigmaMap map, Reading reading, int depth)
    {
        var parameters = new Parameters(map, reading.Sink);
        var conditions = new PipelineConditionReader(parameters, reading.Sink);
        var id = parameters.Text("id");
        var rules = conditions.Rules();
        var values = conditions.Values();
        var fields = conditions.Fields();
        var type = parameters.Text("type") ?? "";
        var transformation = type == "nest"
            ? new Nest(ReadItems(parameters.Node("items") ?? parameters.Node("transformations"), map.Line, reading, depth + 1))
            : new TransformationReader(parameters, reading, !rules.IsEmpty || !values.IsEmpty || !fields.IsEmpty).Read(type);
        if (transformation is not (null or RenameFields or ReplaceTests or DropItems or FailItem) && !(values.IsEmpty && fields.IsEmpty))
            reading.Sink.Warning(map.Line, "pipeline.condition-unused", $"'{type}' is about whole rules: its conditions on detection items and field names do nothing.", $"« {type} » concerne des règles entières : ses conditions sur les éléments et les noms de champs sont sans effet.");
        parameters.WarnOfOthers(type);
        return transformation is null ? null : new PipelineItem(id, map.Line, transformation, rules, values, fields);
    }
}

/// <summary>What reading one pipeline shares.</summary>
internal sealed record Reading(
    string File, ProblemSink Sink, ICollection<SigmaProblem> Problems, ImmutableDictionary<string, ImmutableArray<string>> Vars,
    ImmutableDictionary<string, ImmutableArray<string>>.Builder Placeholders);

/// <summary>The keys of an item or condition; those nobody asked for are told.</summary>
internal sealed class Parameters(SigmaMap map, ProblemSink sink)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public int Line => map.Line;

    public SigmaNode? Node(string key)
    {
        _asked.Add(key);
        return map[key] is SigmaScalar { IsNull: true } ? null : map[key];
    }

    public bool Has(string key)
    {
        _asked.Add(key);
        return map.Has(key);
    }

    public string? Text(string key) => Node(key)?.Text;

    public ImmutableArray<string> Texts(string key) => SigmaHeader.Texts(Node(key));

    /// <summary>The texts, with an error when there are none.</summary>
    public ImmutableArray<string> NeededTexts(string key)
    {
        var texts = Texts(key);
        if (texts.IsEmpty) Missing(key);
        return texts;
    }

    public string NeededText(string key)
    {
        if (Text(key) is { } text) return text;
        Missing(key);
        return "";
    }

    public bool Flag(string key, bool otherwise = false)
    {
        if (Node(key) is not { } node) return otherwise;
        if (node is SigmaScalar { Boolean: { } value }) return value;
        sink.Error(node.Line, "pipeline.flag", $"'{key}' is true or false.", $"« {key} » vaut true ou false.");
        return otherwise;
    }

    /// <summary>A map of names to one or several texts.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> NeededMapping(string key, IEqualityComparer<string> comparer)
    {
        var mapping = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(comparer);
        if (Node(key) is not SigmaMap { Entries.Length: > 0 } entries)
        {
            Missing(key);
            return mapping.ToImmutable();
        }

        foreach (var (name, value, line) in entries.Entries)
        {
            var texts = value is SigmaScalar { IsNull: false, Value: "" } ? [""] : SigmaHeader.Texts(value);
            if (texts.IsEmpty) sink.Error(line, "pipeline.mapping", $"'{name}' is mapped to nothing; write a text or a list of texts.", $"« {name} » n'est associé à rien ; écrire un texte ou une liste de textes.");
            else mapping[name] = texts;
        }

        return mapping.ToImmutable();
    }

    public void WarnOfOthers(string type)
    {
        foreach (var entry in map.Entries)
        {
            if (!_asked.Contains(entry.Name)) sink.Warning(entry.Line, "pipeline.unknown-key", $"'{entry.Name}' means nothing to '{type}'.", $"« {entry.Name} » n'a pas de sens pour « {type} ».");
        }
    }

    private void Missing(string key) => sink.Error(map.Line, "pipeline.parameter-missing", $"'{key}' is missing or empty.", $"« {key} » manque ou est vide.");
}
