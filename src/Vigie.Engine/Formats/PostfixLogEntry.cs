namespace Vigie.Engine.Formats;

/// <summary>One line of a Postfix log, as far as the way of a message can be followed by it.</summary>
/// <param name="Time">When, UTC; classic syslog time stamps have neither year nor zone, see <see cref="SyslogClock"/>.</param>
/// <param name="Daemon">The part of Postfix that wrote it, such as <c>smtpd</c>, <c>qmgr</c>, <c>smtp</c>.</param>
/// <param name="QueueId">The queue id the line is about.</param>
public sealed record PostfixLogEntry(DateTimeOffset Time, string Daemon, string QueueId)
{
    /// <summary>The envelope sender, on the line of <c>qmgr</c>; empty for a bounce, null where the line names none.</summary>
    public string? From { get; init; }

    /// <summary>The envelope recipient, on the line of a delivery agent.</summary>
    public string? To { get; init; }

    /// <summary>Where the mail went: <c>name[address]:port</c>, <c>none</c>, <c>local</c>.</summary>
    public string? Relay { get; init; }

    /// <summary><c>sent</c>, <c>bounced</c>, <c>deferred</c>, <c>expired</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The enhanced status code (RFC 3463).</summary>
    public string? Dsn { get; init; }

    /// <summary>The words after the status, at most 200 characters.</summary>
    public string? Detail { get; init; }

    /// <summary>The authenticated user, on the line of <c>smtpd</c>.</summary>
    public string? User { get; init; }

    /// <summary>Whether the message left the queue with this line, so that the queue id may be used again.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>
    /// Whether the mail was only handed to a filter on the same machine and comes back under another queue id: such a
    /// delivery is a step, not an arrival.
    /// </summary>
    public bool IsInternalHop =>
        Status == "sent" && Detail is { } detail && detail.Contains("queued as", StringComparison.OrdinalIgnoreCase) &&
        Relay is { } relay && (relay.StartsWith("127.", StringComparison.Ordinal) || relay.Contains("[127.", StringComparison.Ordinal) || relay.Contains("[::1]", StringComparison.Ordinal));
}
