using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>What is known of the mail between one of our mailboxes, or the whole organisation, and a domain.</summary>
/// <param name="Domain">The exact domain, in lower-case ASCII form.</param>
/// <param name="Mailbox">Our mailbox, lower case, without address extension; null for the whole organisation.</param>
/// <param name="Sent">Messages sent there that were delivered and that nothing spoke against.</param>
/// <param name="SentFlagged">Messages sent there that were delivered although they looked like slips: never evidence.</param>
/// <param name="SentDays">On how many days messages were sent.</param>
/// <param name="Past">Messages sent there before Vigie watched, although the domain resembles a guarded one: believed only where mail went both ways on several days.</param>
/// <param name="Received">Messages from there: weak evidence, since anybody can write first and the sender can be forged.</param>
/// <param name="Replies">Messages from there to a mailbox that had written there before.</param>
/// <param name="Confirmed">How often a sender confirmed through the one-time link that the address is right.</param>
/// <param name="Approved">Whether an approver declared the domain a correspondent.</param>
/// <param name="FirstSeen">First message, UTC.</param>
/// <param name="LastSeen">Last message, UTC.</param>
public sealed record Relationship(
    string Domain,
    string? Mailbox,
    long Sent,
    long SentFlagged,
    long SentDays,
    long Past,
    long Received,
    long Replies,
    long Confirmed,
    bool Approved,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen);

/// <summary>Which relationships to show, newest first.</summary>
public sealed record RelationshipQuery
{
    /// <summary>Text the domain or mailbox contains.</summary>
    public string? Text { get; init; }

    /// <summary>Only the sums over the whole organisation.</summary>
    public bool OrganisationOnly { get; init; } = true;

    /// <summary>Only what approvers declared.</summary>
    public bool ApprovedOnly { get; init; }

    /// <summary>The most of one page.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the page starts; null for the newest.</summary>
    public Cursor? After { get; init; }
}

/// <summary>A number of messages between a mailbox of ours and a domain, to be added to what is known.</summary>
/// <param name="Mailbox">Our mailbox, lower case, without extension; empty where there is none to name.</param>
/// <param name="Domain">The other side's exact domain in lower-case ASCII form.</param>
internal readonly record struct RelationshipKey(string Mailbox, string Domain);

/// <summary>What to add to a <see cref="RelationshipKey"/>.</summary>
internal record struct RelationshipGain
{
    public long Sent;
    public long SentFlagged;
    public long Received;

    /// <summary>Of the received, those after a message sent that is part of this gain.</summary>
    public long Replies;
    public long Confirmed;

    /// <summary>Messages of history to a domain that resembles a guarded one.</summary>
    public long Past;

    /// <summary>On how many days messages were sent; the first and last of them in days since 1970.</summary>
    public long Days;
    public long FirstDay;
    public long LastDay;
    public DateTimeOffset First;
    public DateTimeOffset Last;

    /// <summary>Counts the time of one more message.</summary>
    public void At(DateTimeOffset time)
    {
        if (First == default || time < First) First = time;
        if (time > Last) Last = time;
    }

    /// <summary>Counts a message received.</summary>
    public void Receive()
    {
        Received++;
        if (Sent > 0) Replies++;
    }

    /// <summary>Counts the day of a message sent; right for messages in order, too low otherwise.</summary>
    public void OnDayOf(DateTimeOffset time)
    {
        var day = time.ToUnixTimeMilliseconds() / 86_400_000;
        if (Days > 0 && day <= LastDay) return;
        if (Days == 0) FirstDay = day;
        LastDay = day;
        Days++;
    }
}
