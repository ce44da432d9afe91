namespace Vigie.Engine.Findings;

/// <summary>Something in the world that findings can share: what correlation joins them by.</summary>
/// <param name="Kind">One of <see cref="EntityKinds"/>.</param>
/// <param name="Value">The normalized value: domains in lower-case ASCII form, addresses as in RFC 5952, mailboxes with a lower-case domain.</param>
public readonly record struct Entity(string Kind, string Value);

/// <summary>The kinds of <see cref="Entity"/> that are known; a watch adds its own here.</summary>
public static class EntityKinds
{
    /// <summary>A domain name in lower-case ASCII (A-label) form.</summary>
    public const string Domain = "domain";

    /// <summary>An IP address.</summary>
    public const string Ip = "ip";

    /// <summary>A mailbox, <c>local@domain</c>.</summary>
    public const string Mailbox = "mailbox";

    /// <summary>An account name.</summary>
    public const string User = "user";

    /// <summary>A host name.</summary>
    public const string Host = "host";

    /// <summary>A mail queue id.</summary>
    public const string QueueId = "queue-id";
}
