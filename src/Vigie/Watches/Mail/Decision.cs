using Vigie.Engine;

namespace Vigie.Watches.Mail;

/// <summary>What was decided about one recipient of one message.</summary>
/// <param name="Id">Deterministic: the same message given again gives the same id.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="QueueId">The MTA's queue id (macro <c>i</c>); null where the MTA had none yet, as for a first recipient that is refused.</param>
/// <param name="Sender">The envelope sender; empty for a bounce.</param>
/// <param name="User">The authenticated user (macro <c>{auth_authen}</c>).</param>
/// <param name="Daemon">The MTA's name for the service the message came through (macro <c>{daemon_name}</c>).</param>
/// <param name="Client">The SMTP client: <c>name [address]</c>, or <c>local</c> for mail submitted by a local command.</param>
/// <param name="Recipient">The envelope recipient.</param>
/// <param name="Verdict">What policy says.</param>
/// <param name="Applied">What was done, which the mode decides.</param>
/// <param name="Mode">The mode at that time.</param>
/// <param name="Imitates">The protected domain that the recipient's domain imitates.</param>
/// <param name="Family">The family of the imitation.</param>
/// <param name="Posterior">The probability that the recipient is a slip; null where nothing is imitated.</param>
/// <param name="Suggestion">The address that was probably meant.</param>
/// <param name="Reason">A stable code, one of <see cref="DecisionReasons"/>.</param>
/// <param name="Explanation">Why, in full, for the analyst.</param>
/// <param name="FindingId">The finding saved with it, if any.</param>
public sealed record Decision(
    string Id,
    DateTimeOffset Time,
    string? QueueId,
    string Sender,
    string? User,
    string? Daemon,
    string Client,
    string Recipient,
    Verdict Verdict,
    Verdict Applied,
    Mode Mode,
    string? Imitates,
    string? Family,
    double? Posterior,
    string? Suggestion,
    string Reason,
    Bilingual Explanation,
    string? FindingId);

/// <summary>Why a decision fell as it did; stable, for filters and scripts.</summary>
public static class DecisionReasons
{
    /// <summary>The domain imitates a protected one and nothing speaks for it.</summary>
    public const string Lookalike = "lookalike";

    /// <summary>The domain imitates a protected one, but relationships make it believable.</summary>
    public const string KnownCorrespondent = "known-correspondent";

    /// <summary>The sender was refused or asked and sent the message again on purpose.</summary>
    public const string InsistedByResending = "insisted-resend";

    /// <summary>The sender confirmed through the one-time link.</summary>
    public const string InsistedByLink = "insisted-link";

    /// <summary>The domain resembles nothing that is guarded; on record only where the settings want every decision.</summary>
    public const string NothingResembled = "nothing-resembled";

    /// <summary>The check failed or took too long.</summary>
    public const string NotChecked = "not-checked";
}
