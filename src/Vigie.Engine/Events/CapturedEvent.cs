using System.Collections.Immutable;

namespace Vigie.Engine.Events;

/// <summary>An event copied out of its bytes, for evidence and for explaining.</summary>
/// <param name="Time">When it happened, UTC; null when the event does not say.</param>
/// <param name="Class">The log sources it belongs to.</param>
/// <param name="Fields">Its fields in their own order; a field with several values stands there several times.</param>
public sealed record CapturedEvent(DateTimeOffset? Time, EventClass Class, ImmutableArray<CapturedField> Fields)
{
    /// <summary>The values of one field; empty when the event does not have it.</summary>
    public IEnumerable<CapturedField> Named(string name) => Fields.Where(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}

/// <summary>One field of a <see cref="CapturedEvent"/>.</summary>
/// <param name="Name">Its name as the Sigma taxonomy has it, nested names joined by dots.</param>
/// <param name="Kind">What kind of value the log held; never <see cref="FieldKind.EscapedString"/> or <see cref="FieldKind.Utf16"/>.</param>
/// <param name="Value">The value as text; empty for <see cref="FieldKind.Null"/>, the text of the log for containers.</param>
public readonly record struct CapturedField(string Name, FieldKind Kind, string Value);
