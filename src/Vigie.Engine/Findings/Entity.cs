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

    /// <summary>A file's hash: <c>sha256:</c>, <c>sha1:</c>, <c>md5:</c> or <c>imphash:</c> and lower-case hex.</summary>
    public const string FileHash = "file-hash";

    /// <summary>A web address.</summary>
    public const string Url = "url";

    /// <summary>A process, by the unique id its host gives it (Sysmon's ProcessGuid, lower case).</summary>
    public const string Process = "process";

    /// <summary>A session of an account on a host, <c>0x3719fb@host</c>.</summary>
    public const string Logon = "logon";

    /// <summary>A cloud resource, by the name its provider gives it.</summary>
    public const string Resource = "resource";

    /// <summary>A mail queue id.</summary>
    public const string QueueId = "queue-id";
}
