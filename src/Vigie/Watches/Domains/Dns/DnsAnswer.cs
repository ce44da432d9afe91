using System.Collections.Immutable;

namespace Vigie.Watches.Domains.Dns;

/// <summary>What is known after asking. Everything that is not a true answer is <see cref="Unknown"/>.</summary>
internal enum DnsOutcome
{
    /// <summary>Nothing is known: no server gave a true answer.</summary>
    Unknown,

    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists and has no record of this type (NODATA, RFC 2308 §2.2).</summary>
    NoData,

    /// <summary>The name does not exist, nor does anything beneath it (NXDOMAIN, RFC 2308 §2.1, RFC 8020).</summary>
    NoSuchName,
}

/// <summary>Why nothing is known; ordered from the least telling to the most.</summary>
internal enum DnsFailure
{
    /// <summary>No server is configured.</summary>
    NoServer,

    /// <summary>Nobody answered in time.</summary>
    Timeout,

    /// <summary>The server could not be reached.</summary>
    Unreachable,

    /// <summary>The answer was not a DNS message, or one that contradicts itself.</summary>
    Malformed,

    /// <summary>The answer stayed cut off over TCP too, or TCP failed after a cut-off answer.</summary>
    Truncated,

    /// <summary>The server only named other servers: it is not a recursive resolver for us.</summary>
    Referral,

    /// <summary>Any other response code.</summary>
    OtherCode,

    /// <summary>The server does not answer us.</summary>
    Refused,

    /// <summary>The server failed, often because the domain's own servers do.</summary>
    ServerFailure,
}

/// <summary>The answer to one question.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Outcome">What is known.</param>
/// <param name="Records">The records of the type asked, of the name itself or of what it is an alias of; no duplicates.</param>
/// <param name="Failure">Why nothing is known; null unless <see cref="DnsOutcome.Unknown"/>.</param>
/// <param name="ViaAlias">Whether the name is an alias (CNAME): it exists, whatever its target does.</param>
/// <param name="GoodFor">How long the answer may be kept; zero where it may not.</param>
internal sealed record DnsAnswer(
    DnsQuestion Question,
    DnsOutcome Outcome,
    ImmutableArray<DnsRecord> Records,
    DnsFailure? Failure,
    bool ViaAlias,
    TimeSpan GoodFor)
{
    // An honest chain is short; a loop ends here.
    private const int MaxAliases = 16;

    public static DnsAnswer Unknown(DnsQuestion question, DnsFailure failure) =>
        new(question, DnsOutcome.Unknown, [], failure, ViaAlias: false, TimeSpan.Zero);

    /// <summary>What a recursive resolver's message says about <paramref name="question"/>.</summary>
    public static DnsAnswer Read(DnsMessage message, DnsQuestion question)
    {
        switch (message.Code)
        {
            case ResponseCode.NoError or ResponseCode.NameError: break;
            case ResponseCode.ServerFailure: return Unknown(question, DnsFailure.ServerFailure);
            case ResponseCode.Refused: return Unknown(question, DnsFailure.Refused);
            default: return Unknown(question, DnsFailure.OtherCode);
        }

        var (owner, aliases, aliasTtl) = FollowAliases(message, question);
        if (aliases > MaxAliases) return Unknown(question, DnsFailure.Malformed);

        var records = message.Answers.Where(r => r.Type == question.Type && r is not OpaqueRecord { Class: not DnsRecord.Internet } && r.Name == owner)
            .Select(Canonical)
            .DistinctBy(Identity)
            .ToImmutableArray();
        if (records.Length > 0)
        {
            // NXDOMAIN with an answer contradicts itself (RFC 6604 speaks of the last name of the chain).
            if (message.Code == ResponseCode.NameError) return Unknown(question, DnsFailure.Malformed);
            var ttl = Math.Min(aliasTtl, records.Min(r => r.TimeToLive));
            return new DnsAnswer(question, DnsOutcome.Found, records, null, aliases > 0, TimeSpan.FromSeconds(ttl));
        }

        return ReadNegative(message, question, aliases > 0, aliasTtl);
    }

    private static DnsAnswer ReadNegative(DnsMessage message, DnsQuestion question, bool viaAlias, uint aliasTtl)
    {
        // RFC 2308 §5: a negative answer is good for the smaller of the SOA's minimum and its own time to live,
        // and without an SOA must not be kept.
        var soa = message.Authority.OfType<StartOfAuthorityRecord>().FirstOrDefault();
        var seconds = soa is null ? 0 : Math.Min(aliasTtl, Math.Min(soa.Minimum, soa.TimeToLive));
        var goodFor = TimeSpan.FromSeconds(seconds);

        // An alias exists although its target does not (RFC 6604 §3).
        if (message.Code == ResponseCode.NameError && !viaAlias)
            return new DnsAnswer(question, DnsOutcome.NoSuchName, [], null, ViaAlias: false, goodFor);

        // RFC 2308 §2.2: NS records without an SOA are a referral; the server has not said that there is nothing.
        if (soa is null && !message.Authoritative && message.Authority.Any(r => r is NameServerRecord))
            return Unknown(question, DnsFailure.Referral);

        // An alias whose target nobody looked up says nothing about the target's records.
        if (viaAlias && message.Code == ResponseCode.NoError && soa is null && !message.RecursionAvailable)
            return Unknown(question, DnsFailure.Referral);

        return new DnsAnswer(question, DnsOutcome.NoData, [], null, viaAlias, goodFor);
    }

    // Names that the server compressed onto the question carry its random case; nobody else should see it.
    private static DnsRecord Canonical(DnsRecord record) => record switch
    {
        NameServerRecord ns => ns with { Name = ns.Name.Lower(), Server = ns.Server.Lower() },
        AliasRecord alias => alias with { Name = alias.Name.Lower(), Target = alias.Target.Lower() },
        MailExchangeRecord mx => mx with { Name = mx.Name.Lower(), Exchange = mx.Exchange.Lower() },
        StartOfAuthorityRecord soa => soa with { Name = soa.Name.Lower(), PrimaryServer = soa.PrimaryServer.Lower(), Responsible = soa.Responsible.Lower() },
        _ => record with { Name = record.Name.Lower() },
    };

    // RFC 2181 §5: a set holds no record twice; the time to live does not tell two apart.
    private static object Identity(DnsRecord record) => record switch
    {
        TextRecord text => string.Join(' ', text.Strings.Select(s => Convert.ToHexString(s.AsSpan()))),
        OpaqueRecord opaque => Convert.ToHexString(opaque.Data.AsSpan()),
        _ => record with { TimeToLive = 0 },
    };

    private static (DnsName Owner, int Aliases, uint Ttl) FollowAliases(DnsMessage message, DnsQuestion question)
    {
        var owner = question.Name;
        var ttl = uint.MaxValue;
        if (question.Type == RecordType.Cname) return (owner, 0, ttl);
        for (var aliases = 0; ; aliases++)
        {
            var alias = message.Answers.OfType<AliasRecord>().FirstOrDefault(r => r.Name == owner);
            if (alias is null || aliases > MaxAliases) return (owner, aliases, ttl);
            owner = alias.Target;
            ttl = Math.Min(ttl, alias.TimeToLive);
        }
    }
}
