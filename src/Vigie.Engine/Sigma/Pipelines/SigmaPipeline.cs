using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>A processing pipeline: what is done to rules before they are compiled, in its order. Its YAML is described in <c>docs/pipelines.md</c>.</summary>
public sealed class SigmaPipeline
{
    internal SigmaPipeline(string name, int priority, ImmutableArray<PipelineItem> items, ImmutableDictionary<string, ImmutableArray<string>> placeholders, string file, string version)
    {
        Name = name;
        Priority = priority;
        Items = items;
        Placeholders = placeholders;
        File = file;
        Version = version;
    }

    /// <summary>One line for a list.</summary>
    public string Name { get; }

    /// <summary>Pipelines with a lower number come first; of equals the one that was given first.</summary>
    public int Priority { get; }

    /// <summary>The values it gives placeholders, by name; needed where rules are read.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Placeholders { get; }

    /// <summary>The file it was read from, as given to the reader.</summary>
    public string File { get; }

    /// <summary>SHA-256 over its text in lower-case hex, the first 16 digits.</summary>
    public string Version { get; }

    internal ImmutableArray<PipelineItem> Items { get; }
}

/// <summary>A transformation with its conditions.</summary>
internal sealed record PipelineItem(
    string? Id, int Line, PipelineTransformation Transformation, ConditionGroup<RuleContext> Rules, ConditionGroup<LeafContext> Values, ConditionGroup<LeafContext> Fields);
