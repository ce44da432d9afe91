namespace Vigie.Watches.Mail.Milter;

/// <summary>The argument of MAIL FROM or RCPT TO.</summary>
/// <param name="Raw">The address exactly as the MTA sent it, usually in angle brackets; what <see cref="IMessageModifications.DeleteRecipient"/> needs.</param>
/// <param name="Parameters">The ESMTP parameters (<c>SIZE=1000</c>, <c>BODY=8BITMIME</c>), in order.</param>
public readonly record struct MailboxArgument(string Raw, IReadOnlyList<string> Parameters)
{
    /// <summary>The address without the angle brackets; empty for the null sender.</summary>
    public string Address => Raw.Length >= 2 && Raw[0] == '<' && Raw[^1] == '>' ? Raw[1..^1] : Raw;
}
