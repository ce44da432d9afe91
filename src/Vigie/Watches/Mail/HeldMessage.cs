using Vigie.Engine;

namespace Vigie.Watches.Mail;

/// <summary>Where a held message is on its way. Stored as numbers: never renumber.</summary>
public enum HeldState
{
    /// <summary>Recorded; the MTA has been or is about to be told to hold it.</summary>
    Pending = 0,

    /// <summary>Seen in the MTA's hold queue.</summary>
    Held = 1,

    /// <summary>A release was recorded and is being carried out.</summary>
    Releasing = 2,

    /// <summary>Given back to the MTA for delivery.</summary>
    Released = 3,

    /// <summary>A return was recorded: the sender's notice is in the outbox, the message is being deleted.</summary>
    Returning = 4,

    /// <summary>Deleted, and its sender told.</summary>
    Returned = 5,

    /// <summary>A deletion was recorded and is being carried out.</summary>
    Deleting = 6,

    /// <summary>Deleted without a word to its sender.</summary>
    Deleted = 7,

    /// <summary>Gone from the MTA's queue without us: never accepted, or removed or released by hand.</summary>
    Vanished = 8,
}

/// <summary>A message in the MTA's hold queue by our verdict, with what became of it.</summary>
/// <param name="QueueId">The MTA's queue id.</param>
/// <param name="Time">When it was held, UTC.</param>
/// <param name="Sender">The envelope sender; empty for a bounce.</param>
/// <param name="Recipients">All its envelope recipients, the harmless ones too: a message is held as a whole.</param>
/// <param name="Subject">Its subject, decoded; null where it has none.</param>
/// <param name="Size">Bytes, as announced by the sender or told by the MTA's queue; 0 while unknown.</param>
/// <param name="Why">Why it is held, in full.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="ActedBy">Who released, returned or deleted it.</param>
/// <param name="ActedAt">When.</param>
/// <param name="ActReason">The reason given.</param>
public sealed record HeldMessage(
    string QueueId,
    DateTimeOffset Time,
    string Sender,
    IReadOnlyList<string> Recipients,
    string? Subject,
    long Size,
    Bilingual Why,
    HeldState State,
    string? ActedBy,
    DateTimeOffset? ActedAt,
    string? ActReason)
{
    /// <summary>The authenticated user who sent it, where there was one.</summary>
    public string? User { get; init; }

    /// <summary>Whether the sender is one of ours, who is told what becomes of the message.</summary>
    public bool NotifySender { get; init; }

    /// <summary>Why the last attempt to carry out an act failed; it is tried again until it succeeds.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the message is, as far as we know, in the MTA's hold queue and nobody has acted on it.</summary>
    public bool IsWaiting => State is HeldState.Pending or HeldState.Held;
}
