using System.Collections.Immutable;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Watches.Domains.Registration;

/// <summary>What is known of one look-alike between runs.</summary>
internal sealed record WatchState(string Domain, DateTimeOffset FirstChecked)
{
    /// <summary>Whether it counts as registered: seen so, and not gone since.</summary>
    public bool Registered { get; init; }

    /// <summary>When it was first seen registered, this time; null while it is not.</summary>
    public DateTimeOffset? RegisteredSince { get; init; }

    public ImmutableArray<string> NameServers { get; init; } = [];

    /// <summary>What was last known; an unknown look changes nothing.</summary>
    public MailPath Mail { get; init; }

    public ImmutableArray<string> Exchanges { get; init; } = [];

    public Observed WildcardDns { get; init; }

    public Observed CatchAll { get; init; }

    /// <summary>Looks in a row at which the name did not exist.</summary>
    public int AbsentInARow { get; init; }

    /// <summary>How many changes were reported: part of the next one's identity.</summary>
    public int Changes { get; init; }

    public DateTimeOffset LastChecked { get; init; }

    /// <summary>When a look last showed anything.</summary>
    public DateTimeOffset? LastKnown { get; init; }

    /// <summary>Why the last look showed nothing; null where it did.</summary>
    public DnsFailure? LastFailure { get; init; }
}

/// <summary>What happened to a look-alike.</summary>
internal enum WatchChangeKind
{
    /// <summary>It is registered, and was not before or had never been looked at.</summary>
    Registered,

    /// <summary>It has MX records now.</summary>
    MailAppeared,

    /// <summary>Other hosts take its mail.</summary>
    MailChanged,

    /// <summary>It no longer has MX records that take mail.</summary>
    MailWithdrawn,

    /// <summary>It has not existed for several looks.</summary>
    Gone,
}

/// <summary>One change, to be reported.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Before">What was known; null at the first look.</param>
/// <param name="After">What is known now; its <see cref="WatchState.Changes"/> numbers this change.</param>
internal sealed record WatchChange(WatchChangeKind Kind, WatchState? Before, WatchState After);

/// <summary>Compares a look at a domain with what was known of it.</summary>
internal static class ChangeDetector
{
    /// <summary>The new state and the change to report, if any; one look reports at most one change.</summary>
    /// <param name="before">What was known; null at the first look.</param>
    /// <param name="seen">What the look showed.</param>
    /// <param name="now">When.</param>
    /// <param name="goneAfter">Looks in a row without the name after which it counts as gone.</param>
    public static (WatchState After, WatchChange? Change) Apply(WatchState? before, Observation seen, DateTimeOffset now, int goneAfter)
    {
        var state = (before ?? new WatchState(seen.Domain, now)) with { LastChecked = now, LastFailure = seen.Failure };
        return seen.Registration switch
        {
            // What is not known changes nothing, in either direction: neither the registration nor the count of absences.
            Registration.Unknown => (state, null),
            Registration.Absent => ApplyAbsence(before, state with { LastKnown = now }, goneAfter),
            _ => ApplyPresence(before, state with { LastKnown = now, AbsentInARow = 0 }, seen, now),
        };
    }

    private static (WatchState, WatchChange?) ApplyAbsence(WatchState? before, WatchState state, int goneAfter)
    {
        // The count stops where nobody reads it any more.
        state = state with { AbsentInARow = Math.Min(state.AbsentInARow + 1, goneAfter) };
        if (!state.Registered || state.AbsentInARow < goneAfter) return (state, null);
        state = state with
        {
            Registered = false,
            RegisteredSince = null,
            NameServers = [],
            Mail = MailPath.Unknown,
            Exchanges = [],
            WildcardDns = Observed.Unknown,
            CatchAll = Observed.Unknown,
        };
        return Report(WatchChangeKind.Gone, before, state);
    }

    private static (WatchState, WatchChange?) ApplyPresence(WatchState? before, WatchState state, Observation seen, DateTimeOffset now)
    {
        var after = state with
        {
            Registered = true,
            RegisteredSince = state.Registered ? state.RegisteredSince : now,
            NameServers = seen.NameServers,
            WildcardDns = seen.WildcardDns == Observed.Unknown ? state.WildcardDns : seen.WildcardDns,
            CatchAll = seen.CatchAll == Observed.Unknown ? state.CatchAll : seen.CatchAll,
        };
        if (seen.Mail != MailPath.Unknown) after = after with { Mail = seen.Mail, Exchanges = seen.Exchanges };
        return KindOf(state, after) is { } kind ? Report(kind, before, after) : (after, null);
    }

    private static WatchChangeKind? KindOf(WatchState known, WatchState after)
    {
        if (!known.Registered) return WatchChangeKind.Registered;
        // Nothing was known of its mail: whatever it is now is no news of a change, except that it takes mail.
        if (after.Mail != known.Mail)
        {
            if (after.Mail == MailPath.Exchange) return WatchChangeKind.MailAppeared;
            return known.Mail == MailPath.Exchange ? WatchChangeKind.MailWithdrawn : null;
        }

        // Preferences and order move with load; other hosts are other people.
        var same = after.Mail != MailPath.Exchange || after.Exchanges.ToHashSet(StringComparer.Ordinal).SetEquals(known.Exchanges);
        return same ? null : WatchChangeKind.MailChanged;
    }

    private static (WatchState, WatchChange?) Report(WatchChangeKind kind, WatchState? before, WatchState state)
    {
        var after = state with { Changes = state.Changes + 1 };
        return (after, new WatchChange(kind, before, after));
    }
}
