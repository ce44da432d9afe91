using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>A piece of a YAML document, with the line it stands on. Never an alias: <see cref="SigmaYaml"/> refuses them.</summary>
/// <param name="line">From 1.</param>
public abstract class SigmaNode(int line)
{
    /// <summary>The line it begins at, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The text when it is a scalar that is not null, else null.</summary>
    public string? Text => this is SigmaScalar { IsNull: false } scalar ? scalar.Value : null;
}

/// <summary>A single value.</summary>
/// <param name="value">As written, quotes and block markers removed, escapes of double quotes resolved.</param>
/// <param name="isPlain">Whether it stood there without quotes, so that YAML 1.2.2 §10.3.2 gives it a type by its look.</param>
/// <param name="line">From 1.</param>
public sealed class SigmaScalar(string value, bool isPlain, int line) : SigmaNode(line)
{
    /// <summary>The text.</summary>
    public string Value { get; } = value;

    /// <summary>Whether it stood there without quotes.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Whether it is YAML's null: nothing, <c>~</c> or <c>null</c>, without quotes.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>The boolean it is (<c>true</c> or <c>false</c>, quoted or not), or null when it is none.</summary>
    public bool? Boolean => Value switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };
}

/// <summary>A list of nodes.</summary>
/// <param name="items">In their order.</param>
/// <param name="line">From 1.</param>
public sealed class SigmaList(ImmutableArray<SigmaNode> items, int line) : SigmaNode(line)
{
    /// <summary>In their order.</summary>
    public ImmutableArray<SigmaNode> Items { get; } = items;
}

/// <summary>Nodes by name, in their order.</summary>
/// <param name="entries">Names occur once.</param>
/// <param name="line">From 1.</param>
public sealed class SigmaMap(ImmutableArray<SigmaEntry> entries, int line) : SigmaNode(line)
{
    /// <summary>In their order; a name occurs once.</summary>
    public ImmutableArray<SigmaEntry> Entries { get; } = entries;

    /// <summary>The node of a name, or null.</summary>
    public SigmaNode? this[string name]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (string.Equals(entry.Name, name, StringComparison.Ordinal)) return entry.Value;
            }

            return null;
        }
    }

    /// <summary>Whether there is such a name.</summary>
    public bool Has(string name) => this[name] is not null;
}

/// <summary>A name and what stands under it.</summary>
/// <param name="Name">As written, quotes removed.</param>
/// <param name="Value">What stands under it.</param>
/// <param name="Line">The line of the name, from 1.</param>
public readonly record struct SigmaEntry(string Name, SigmaNode Value, int Line);
