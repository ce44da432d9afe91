namespace Vigie.Watches.Mail.Queue;

/// <summary>What can be done to a held message.</summary>
internal enum QueueVerb
{
    /// <summary>Deliver it.</summary>
    Release,

    /// <summary>Send it back: Postfix tells the sender that it was not delivered.</summary>
    Return,

    /// <summary>Remove it; nobody is told.</summary>
    Delete,
}

/// <summary>How an act on the hold queue ended.</summary>
public enum QueueOutcome
{
    /// <summary>It was done by this call.</summary>
    Done,

    /// <summary>The hold queue has no such message: it was done before, or somebody else acted.</summary>
    NotHeld,

    /// <summary>The id is malformed, or the helper does not serve this user. Trying again does not help.</summary>
    Refused,

    /// <summary>Postfix or its helper could not be reached, or failed. The message is where it was; try again.</summary>
    Unavailable,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="Text">One line for the analyst and the journal.</param>
public readonly record struct QueueReply(QueueOutcome Outcome, string Text);

/// <summary>The hold queue could not be looked at, which is not the same as "empty".</summary>
public sealed class QueueUnavailableException : IOException
{
    public QueueUnavailableException()
    {
    }

    public QueueUnavailableException(string message) : base(message)
    {
    }

    public QueueUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
