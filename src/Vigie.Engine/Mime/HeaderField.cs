namespace Vigie.Engine.Mime;

/// <summary>One field of a message header (RFC 5322 §2.2).</summary>
/// <param name="Name">The name as written; compare without case.</param>
/// <param name="Value">The value, unfolded (§2.2.3), without the white space around it.</param>
public readonly record struct HeaderField(string Name, string Value)
{
    /// <summary>Whether the field has this name.</summary>
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
