using System.Collections.Immutable;

namespace Vigie.Engine.Findings;

/// <summary>A piece of what a finding was concluded from: a bounded copy, or where the original lies and its hash.</summary>
public sealed record Evidence
{
    /// <summary>The most characters a copy may have; sources cut longer ones and say so.</summary>
    public const int MaxCopyLength = 16 * 1024;

    /// <summary>What it is, for example <c>smtp-recipient</c>, <c>log-line</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where the original lies: a queue id, a file and offset, a record id.</summary>
    public required string Location { get; init; }

    /// <summary>SHA-256 of the original bytes in lower-case hex, where they were seen whole.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Named values worth showing, in display order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>
    /// What the detector asked of the values and found in them: an entry for each of the first <see cref="Fields"/>. It holds the passages of
    /// the value that were asked for, and is empty where the whole value was. The values after them only say what it was found in.
    /// </summary>
    public ImmutableArray<ImmutableArray<string>> Asked { get; init; } = [];

    /// <summary>The copy itself, at most <see cref="MaxCopyLength"/> characters.</summary>
    public string? Copy { get; init; }
}
