using System.Collections.Immutable;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Watches.Domains.Registration;

/// <summary>Whether somebody has the domain, as far as the DNS shows.</summary>
internal enum Registration
{
    /// <summary>Nothing is known: no resolver truly answered, or what it answered proves nothing.</summary>
    Unknown,

    /// <summary>The name does not exist in the DNS. A domain that is registered but not delegated looks the same.</summary>
    Absent,

    /// <summary>The name is delegated, or has records that its suffix does not give to every name.</summary>
    Registered,
}

/// <summary>Where mail to the domain goes.</summary>
internal enum MailPath
{
    Unknown,

    /// <summary>No MX record and no address: mail bounces.</summary>
    None,

    /// <summary>A null MX: the domain says that it takes no mail (RFC 7505).</summary>
    NullMx,

    /// <summary>No MX record but an address, to which mail is delivered all the same (RFC 5321 §5.1).</summary>
    Address,

    /// <summary>MX records.</summary>
    Exchange,
}

/// <summary>Something that was looked for, or not.</summary>
internal enum Observed
{
    Unknown,
    No,
    Yes,
}

/// <summary>What one look at a domain showed.</summary>
internal sealed record Observation(string Domain, Registration Registration)
{
    /// <summary>Why nothing is known; null unless <see cref="Registration.Unknown"/>.</summary>
    public DnsFailure? Failure { get; init; }

    public ImmutableArray<string> NameServers { get; init; } = [];

    public MailPath Mail { get; init; }

    /// <summary>The hosts that take mail, by preference.</summary>
    public ImmutableArray<string> Exchanges { get; init; } = [];

    /// <summary>Whether the domain's servers answer for names beneath it that nobody made.</summary>
    public Observed WildcardDns { get; init; }

    /// <summary>
    /// Whether its mail server takes mail for a mailbox that cannot exist. Unknown unless probed: the DNS does not tell,
    /// and a server that accepts may still bounce later.
    /// </summary>
    public Observed CatchAll { get; init; }
}
