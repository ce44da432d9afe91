using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Watches.Domains.Registration;

/// <summary>Looks at one domain through the DNS, and at its mail server where that is wanted.</summary>
/// <param name="dns">Whom to ask.</param>
/// <param name="probe">Asks mail servers; null leaves them alone.</param>
internal sealed class DomainInspector(DnsClient dns, SmtpProbe? probe = null)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<SuffixProfile>>> _suffixes = new(StringComparer.Ordinal);

    /// <summary>Never throws for what the network does; that is unknown.</summary>
    public async Task<Observation> InspectAsync(string domain, CancellationToken ct)
    {
        if (!DnsName.TryParse(domain, out var name)) return Unknown(domain, DnsFailure.Malformed);
        var ns = await dns.AskAsync(name, RecordType.Ns, ct).ConfigureAwait(false);
        switch (ns.Outcome)
        {
            case DnsOutcome.Unknown: return Unknown(domain, ns.Failure!.Value);
            case DnsOutcome.NoSuchName: return new Observation(domain, Registration.Absent);
        }

        // A zone above that answers for every name makes what nobody made look registered.
        var above = domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var suffix = above.Length < domain.Length ? await ProfileAsync(above, ct).ConfigureAwait(false) : SuffixProfile.Honest;
        if (suffix.AnswersEveryName == Observed.Unknown) return Unknown(domain, suffix.Failure);

        var servers = NameServers(ns);
        var delegated = servers.Length > 0 && !ns.ViaAlias && !servers.SequenceEqual(suffix.NameServers);
        if (!delegated && suffix.AnswersEveryName == Observed.Yes) return new Observation(domain, Registration.Absent);
        return await InspectRecordsAsync(name, domain, servers, delegated, ct).ConfigureAwait(false);
    }

    private async Task<Observation> InspectRecordsAsync(DnsName name, string domain, ImmutableArray<string> servers, bool delegated, CancellationToken ct)
    {
        var mx = await dns.AskAsync(name, RecordType.Mx, ct).ConfigureAwait(false);
        var address = await AskAddressAsync(name, ct).ConfigureAwait(false);
        if (!delegated)
        {
            // Not delegated: a name within somebody's zone. It counts when it has records of its own.
            var soa = await dns.AskAsync(name, RecordType.Soa, ct).ConfigureAwait(false);
            DnsAnswer[] answers = [mx, address, soa];
            if (!answers.Any(a => a.Outcome == DnsOutcome.Found || a.ViaAlias))
                return Unknown(domain, answers.Max(a => a.Failure) ?? DnsFailure.OtherCode);
        }

        var observation = new Observation(domain, Registration.Registered)
        {
            NameServers = servers,
            Mail = PathOf(mx, address),
            Exchanges = Exchanges(mx),
            WildcardDns = await ObserveWildcardAsync(name, ct).ConfigureAwait(false),
        };
        return probe is null ? observation : observation with { CatchAll = await ProbeAsync(observation, ct).ConfigureAwait(false) };
    }

    /// <summary>Whether names under <paramref name="suffix"/> that nobody registered are answered for; asked once.</summary>
    public async Task<SuffixProfile> ProfileAsync(string suffix, CancellationToken ct)
    {
        var profile = await _suffixes.GetOrAdd(suffix, s => new Lazy<Task<SuffixProfile>>(() => MakeProfileAsync(s, ct))).Value.ConfigureAwait(false);
        // What is not known yet is worth asking again.
        if (profile.AnswersEveryName == Observed.Unknown) _suffixes.TryRemove(suffix, out _);
        return profile;
    }

    /// <summary>Whether any resolver truly answers: a top-level domain that does not exist must be denied, or at least known.</summary>
    public async Task<bool> ResolversAnswerAsync(CancellationToken ct) =>
        (await dns.AskAsync(DnsName.Parse(RandomLabel()), RecordType.Ns, ct).ConfigureAwait(false)).Outcome != DnsOutcome.Unknown;

    /// <summary>Forgets what is known of suffixes, at the start of a run.</summary>
    public void ForgetSuffixes() => _suffixes.Clear();

    private async Task<SuffixProfile> MakeProfileAsync(string suffix, CancellationToken ct)
    {
        if (!DnsName.TryParse($"{RandomLabel()}.{suffix}", out var name)) return SuffixProfile.Unknown(DnsFailure.Malformed);
        var ns = await dns.AskAsync(name, RecordType.Ns, ct).ConfigureAwait(false);
        switch (ns.Outcome)
        {
            case DnsOutcome.Unknown: return SuffixProfile.Unknown(ns.Failure!.Value);
            case DnsOutcome.NoSuchName: return SuffixProfile.Honest;
            case DnsOutcome.Found: return new SuffixProfile(Observed.Yes, NameServers(ns));
        }

        // The name that nobody registered exists: the suffix has a wildcard, of whatever type.
        return new SuffixProfile(Observed.Yes, []);
    }

    private async Task<Observed> ObserveWildcardAsync(DnsName name, CancellationToken ct)
    {
        if (!DnsName.TryParse($"{RandomLabel()}.{name}", out var random)) return Observed.Unknown;
        var address = await dns.AskAsync(random, RecordType.A, ct).ConfigureAwait(false);
        switch (address)
        {
            case { Outcome: DnsOutcome.Found } or { ViaAlias: true }: return Observed.Yes;
            case { Outcome: DnsOutcome.NoSuchName }: return Observed.No;
        }

        var mx = await dns.AskAsync(random, RecordType.Mx, ct).ConfigureAwait(false);
        return mx.Outcome switch
        {
            DnsOutcome.Found => Observed.Yes,
            DnsOutcome.Unknown => Observed.Unknown,
            _ => address.Outcome == DnsOutcome.Unknown ? Observed.Unknown : Observed.No,
        };
    }

    private async Task<DnsAnswer> AskAddressAsync(DnsName name, CancellationToken ct)
    {
        var four = await dns.AskAsync(name, RecordType.A, ct).ConfigureAwait(false);
        if (four.Outcome == DnsOutcome.Found) return four;
        var six = await dns.AskAsync(name, RecordType.Aaaa, ct).ConfigureAwait(false);
        return six.Outcome == DnsOutcome.Found || four.Outcome != DnsOutcome.Unknown ? six : four;
    }

    private async Task<Observed> ProbeAsync(Observation observation, CancellationToken ct)
    {
        IReadOnlyList<string> hosts = observation.Mail switch
        {
            MailPath.Exchange => observation.Exchanges,
            MailPath.Address => [observation.Domain],
            _ => [],
        };
        return hosts.Count == 0 ? Observed.Unknown : await probe!.AskAsync(observation.Domain, hosts, dns, ct).ConfigureAwait(false);
    }

    private static MailPath PathOf(DnsAnswer mx, DnsAnswer address) => mx.Outcome switch
    {
        DnsOutcome.Unknown => MailPath.Unknown,
        DnsOutcome.Found => Exchanges(mx).Length > 0 ? MailPath.Exchange : MailPath.NullMx,
        _ => address.Outcome switch
        {
            DnsOutcome.Unknown => MailPath.Unknown,
            DnsOutcome.Found => MailPath.Address,
            _ => MailPath.None,
        },
    };

    private static ImmutableArray<string> Exchanges(DnsAnswer mx) =>
    [
        .. mx.Records.OfType<MailExchangeRecord>()
            .Where(r => !r.Exchange.IsRoot)
            .OrderBy(r => r.Preference)
            .ThenBy(r => r.Exchange.ToString(), StringComparer.Ordinal)
            .Select(r => r.Exchange.ToString())
            .Distinct(StringComparer.Ordinal),
    ];

    private static ImmutableArray<string> NameServers(DnsAnswer ns) =>
        [.. ns.Records.OfType<NameServerRecord>().Select(r => r.Server.ToString()).Order(StringComparer.Ordinal)];

    private static Observation Unknown(string domain, DnsFailure failure) => new(domain, Registration.Unknown) { Failure = failure };

    // 20 letters of 26: nobody has registered it.
    private static string RandomLabel() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 20);
}

/// <summary>How the zone above a domain, mostly a public suffix, answers for names that nobody made.</summary>
/// <param name="AnswersEveryName">Whether such a name exists.</param>
/// <param name="NameServers">The servers it then has, sorted.</param>
internal sealed record SuffixProfile(Observed AnswersEveryName, ImmutableArray<string> NameServers)
{
    /// <summary>A suffix that denies what is not registered.</summary>
    public static SuffixProfile Honest { get; } = new(Observed.No, []);

    /// <summary>Why nothing is known.</summary>
    public DnsFailure Failure { get; private init; }

    public static SuffixProfile Unknown(DnsFailure failure) => new(Observed.Unknown, []) { Failure = failure };
}
