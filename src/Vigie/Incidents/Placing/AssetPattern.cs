using System.IO.Enumeration;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Placing;

/// <summary>Entities that matter more, or less, than others.</summary>
/// <param name="Kind">The kind of the entities, one of <see cref="EntityKinds"/>.</param>
/// <param name="Value">Their value, in any case; <c>*</c> stands for any characters, <c>?</c> for one.</param>
/// <param name="Importance">From 0.5 to 2; what is not named counts 1.</param>
public sealed record AssetPattern(string Kind, string Value, double Importance)
{
    /// <summary>Whether an entity is one of them.</summary>
    public bool Matches(Entity entity) =>
        string.Equals(Kind, entity.Kind, StringComparison.Ordinal) && FileSystemName.MatchesSimpleExpression(Value, entity.Value, ignoreCase: true);
}
