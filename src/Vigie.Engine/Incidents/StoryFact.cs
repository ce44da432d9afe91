using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>A finding, or many of one rule, as <see cref="IncidentStory"/> and <see cref="EntityMap"/> read them.</summary>
public sealed record StoryFact
{
    /// <summary>The finding, or the first of them.</summary>
    public required FindingId Id { get; init; }

    /// <summary>Whose rule it is.</summary>
    public required string Detector { get; init; }

    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>What was found, in a line.</summary>
    public required Bilingual Title { get; init; }

    /// <summary>The gravest.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Time of the earliest evidence.</summary>
    public required DateTimeOffset First { get; init; }

    /// <summary>Time of the latest evidence.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>How many findings it stands for.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Whom and what it is about.</summary>
    public ImmutableArray<Entity> Entities { get; init; } = [];

    /// <summary>ATT&amp;CK technique ids.</summary>
    public ImmutableArray<string> Techniques { get; init; } = [];
}

/// <summary>What a piece of a sentence is.</summary>
public enum StoryPartKind
{
    /// <summary>Words of the story's own.</summary>
    Words,

    /// <summary>What was found; the reference is the finding's id.</summary>
    Title,

    /// <summary>A name out of the evidence; the reference is its <see cref="EntityKinds">kind</see>.</summary>
    Entity,
}

/// <summary>A piece of a sentence. Titles and entities are text from strangers.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, unescaped and uncut.</param>
/// <param name="Reference">What it refers to; null for words.</param>
public readonly record struct StoryPart(StoryPartKind Kind, string Text, string? Reference = null);

/// <summary>A sentence in both languages.</summary>
/// <param name="English">Its pieces in English.</param>
/// <param name="French">Its pieces in French.</param>
public sealed record StorySentence(ImmutableArray<StoryPart> English, ImmutableArray<StoryPart> French)
{
    // A title may be a megabyte; a sentence is for reading.
    private const int LongestPart = 200;

    /// <summary>The pieces in the language of <paramref name="twoLetterCode"/>; English unless it is <c>fr</c>.</summary>
    public ImmutableArray<StoryPart> In(string twoLetterCode) =>
        string.Equals(twoLetterCode, "fr", StringComparison.OrdinalIgnoreCase) ? French : English;

    /// <summary>The sentence as plain text, long names cut.</summary>
    public Bilingual Text => new(string.Concat(English.Select(Plain)), string.Concat(French.Select(Plain)));

    private static string Plain(StoryPart part)
    {
        if (part.Text.Length <= LongestPart) return part.Text;
        var length = char.IsHighSurrogate(part.Text[LongestPart - 1]) ? LongestPart - 1 : LongestPart;
        return string.Concat(part.Text.AsSpan(0, length), "…");
    }
}
