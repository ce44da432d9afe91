using Vigie.Engine.Findings;

namespace Vigie.Incidents.Notifications;

/// <summary>Why something is told.</summary>
internal enum NotificationKind
{
    /// <summary>The incident is new, or new to the channel.</summary>
    New,

    /// <summary>It has become graver since it was last told of.</summary>
    Risen,

    /// <summary>What was held back, in one.</summary>
    Digest,

    /// <summary>Somebody wants to see whether it arrives.</summary>
    Test,
}

/// <summary>Where a notification stands.</summary>
internal enum NotificationState
{
    Waiting,
    Sent,
    GivenUp,

    /// <summary>It came in quiet hours, or above the limit; the next digest has it.</summary>
    HeldBack,

    /// <summary>A digest has it.</summary>
    InDigest,
}

/// <summary>Something that is told to a channel, as it is on record.</summary>
internal sealed record Notification
{
    /// <summary>The same however often it is sent; 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public required string Channel { get; init; }

    public required NotificationKind Kind { get; init; }

    /// <summary>The incident's number; null for a digest or a test.</summary>
    public long? Incident { get; init; }

    /// <summary>The incident's when it was recorded; of a digest the gravest.</summary>
    public Severity Severity { get; init; }

    public double Score { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Subject { get; init; }

    /// <summary>The text of a mail, the JSON of a webhook.</summary>
    public required string Body { get; init; }

    public NotificationState State { get; init; }

    public int Attempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset Next { get; init; }

    /// <summary>When it was sent or given up.</summary>
    public DateTimeOffset? Done { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? Problem { get; init; }
}
