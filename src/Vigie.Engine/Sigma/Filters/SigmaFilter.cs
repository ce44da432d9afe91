using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Engine.Sigma.Filters;

/// <summary>A global filter (Sigma filters specification 2.1): what several rules are to leave out.</summary>
public sealed record SigmaFilter
{
    /// <summary>The UUID, or, where the filter has none, a stable hash of its file name and title.</summary>
    public required string Id { get; init; }

    /// <summary>One line for a list.</summary>
    public required string Title { get; init; }

    /// <summary>Why, at length.</summary>
    public string Description { get; init; } = "";

    /// <summary>The log source its rules must be of: each term it names must be the rule's too.</summary>
    public required LogSource Source { get; init; }

    /// <summary>The rules, by id or name; none when it is for <see cref="Any"/>.</summary>
    public required ImmutableArray<RuleReference> Rules { get; init; }

    /// <summary>Whether it is for every rule of its log source (specification 2.2: <c>rules: any</c>).</summary>
    public required bool Any { get; init; }

    /// <summary>True for events that its rules leave out.</summary>
    public required Term LeftOut { get; init; }

    /// <summary>The file it was read from, as given to the reader.</summary>
    public required string File { get; init; }

    /// <summary>The line its document begins at, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>SHA-256 over its document in lower-case hex, the first 16 digits.</summary>
    public required string Version { get; init; }

    /// <summary>Whether the filter is for a rule.</summary>
    public bool IsFor(SigmaRule rule) => CoversSource(rule) && (Any || Rules.Any(r => Names(r, rule)));

    /// <summary>Whether a rule's log source is one that the filter is for.</summary>
    public bool CoversSource(SigmaRule rule) =>
        Agrees(Source.Product, rule.Source.Product) && Agrees(Source.Category, rule.Source.Category) && Agrees(Source.Service, rule.Source.Service);

    /// <summary>Whether a reference means a rule.</summary>
    public static bool Names(RuleReference reference, SigmaRule rule) =>
        string.Equals(reference.Text, rule.Id, StringComparison.OrdinalIgnoreCase) || string.Equals(reference.Text, rule.Name, StringComparison.OrdinalIgnoreCase);

    private static bool Agrees(string? wanted, string? found) => wanted is null || string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);
}
