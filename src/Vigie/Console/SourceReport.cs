using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>How a source of a watch does, in one word.</summary>
public enum SourceState
{
    /// <summary>It brings what it should.</summary>
    Good,

    /// <summary>Nothing has ever come from it.</summary>
    Waiting,

    /// <summary>Something came from it once, and nothing for <see cref="SourceReport.SilentAfter"/>.</summary>
    Silent,

    /// <summary>Something that arrived was lost.</summary>
    Losing,

    /// <summary>It cannot be read.</summary>
    Failing,
}

/// <summary>One source of a watch as the overview shows it.</summary>
/// <param name="Name">What it is called in the settings.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Page">Where there is more about it.</param>
/// <param name="State">How it does.</param>
public sealed record SourceReport(string Name, Bilingual Kind, string Page, SourceState State)
{
    /// <summary>A source that brings nothing for so long is told of as silent.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromHours(24);

    /// <summary>When something last came from it.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>How long after it had happened that came; null where unknown.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Bytes still to read; null where unknown.</summary>
    public long? Behind { get; init; }

    /// <summary>How much arrived and was lost; null where the source cannot lose anything.</summary>
    public long? Lost { get; init; }

    /// <summary>What is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>The state that follows from what is known.</summary>
    /// <param name="problem">What is wrong; null for nothing.</param>
    /// <param name="lost">How much was lost.</param>
    /// <param name="lastReceived">When something last came.</param>
    /// <param name="now">The present time.</param>
    public static SourceState Judge(string? problem, long lost, DateTimeOffset? lastReceived, DateTimeOffset now) =>
        problem is not null ? SourceState.Failing
        : lastReceived is not { } received ? SourceState.Waiting
        : now - received > SilentAfter ? SourceState.Silent
        : lost > 0 ? SourceState.Losing
        : SourceState.Good;
}

/// <summary>The sources of a watch, contributed by it: <c>services.AddSingleton&lt;ISourceReports, …&gt;()</c>.</summary>
public interface ISourceReports
{
    /// <summary>Who may see them.</summary>
    Permission Permission { get; }

    /// <summary>How each of them does now.</summary>
    Task<IReadOnlyList<SourceReport>> ReadAsync(CancellationToken cancellationToken);
}
