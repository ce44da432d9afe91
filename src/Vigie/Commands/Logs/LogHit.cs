using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Commands.Logs;

/// <summary>One output finding: one rule and one event (or, of a correlation, the events it counted).</summary>
internal sealed record LogHit
{
    /// <summary>The id the same finding has in a node's store.</summary>
    public required FindingId Id { get; init; }

    /// <summary>The rule's id.</summary>
    public required string RuleId { get; init; }

    /// <summary>The rule's title, for people.</summary>
    public required Bilingual Titles { get; init; }

    /// <summary>The rule's title, for programs: as the rule has it, in whatever language its reader speaks.</summary>
    public string Title => Titles.English;

    /// <summary>The rule's level.</summary>
    public required Severity Level { get; init; }

    /// <summary>The version of the rule: the beginning of its document's SHA-256.</summary>
    public required string RuleVersion { get; init; }

    /// <summary>The file the rule was read from.</summary>
    public required string RuleFile { get; init; }

    /// <summary>ATT&amp;CK technique ids.</summary>
    public ImmutableArray<string> Techniques { get; init; } = [];

    /// <summary>When the event happened, UTC; null when it does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The machine it happened on; null when the event does not say.</summary>
    public string? Host { get; init; }

    /// <summary>Where the event was read.</summary>
    public required HitPlace Place { get; init; }

    /// <summary>Whom and what it names.</summary>
    public ImmutableArray<Entity> Entities { get; init; } = [];

    /// <summary>The fields that made the rule true, with their values.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Matched { get; init; } = [];

    /// <summary>The time as every machine-readable output writes it: ISO 8601 in UTC, with milliseconds.</summary>
    public string? TimeText => Text(Time);

    /// <summary>A level as rules write it.</summary>
    public static string NameOf(Severity level) => level switch
    {
        Severity.Critical => "critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        Severity.Low => "low",
        _ => "informational",
    };

    /// <summary>The level with a name, as rules write it; null for anything else.</summary>
    public static Severity? LevelOf(string name) => Enum.TryParse<Severity>(name, ignoreCase: true, out var level) && Enum.IsDefined(level) && !char.IsAsciiDigit(name[0]) ? level : null;

    /// <summary>A time in ISO 8601.</summary>
    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Where an event lies.</summary>
/// <param name="File">The path as found; a member of an archive follows behind <c>!</c>.</param>
/// <param name="Format">The format it was read as.</param>
/// <param name="Offset">Where it begins in the decompressed content, in bytes.</param>
/// <param name="Record">The number the log itself gives the event; null when it gives none.</param>
/// <param name="IsPlain">Whether <paramref name="Offset"/> is also an offset of the file itself (neither compressed nor within an archive).</param>
internal sealed record HitPlace(string File, string Format, long Offset, string? Record, bool IsPlain);
