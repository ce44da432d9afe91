using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Commands.Eval.Placing;

/// <summary>
/// Findings as a large organization has them. Few hosts are in most findings and most are in few (Zipf): the busiest in a hundred are
/// servers, on which anybody works from anywhere; on the others two people of their own do, and in one finding of twenty an
/// administrator or a service, of whom there are few. Five addresses are in a tenth of all findings each. Where another address or a
/// domain is named, it is mostly one of those that a host and its three neighbors use, and in one of twenty any, few of them most often
/// (Zipf). One finding in five names a domain and one in twenty a file, whoever it is about. One in ten comes up to two days late.
/// </summary>
internal sealed class PlacingWorld
{
    private const int Hubs = 5;

    /// <summary>The time over which findings are spread.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(30);

    private static readonly long Late = (long)TimeSpan.FromDays(2).TotalMilliseconds;

    private readonly Random _random;
    private readonly int _servers, _allHosts, _allAccounts, _allAddresses, _allDomains;
    private readonly Zipf _hosts, _administrators, _addresses, _domains, _hashes;

    public PlacingWorld(int entities, int seed)
    {
        _random = new Random(seed);
        (_allHosts, _allAccounts, _allAddresses) = (Math.Max(1, entities * 20 / 100), Math.Max(1, entities * 30 / 100), Math.Max(1, entities * 30 / 100));
        _hosts = new Zipf(_allHosts);
        _allDomains = Math.Max(1, entities * 15 / 100);
        _servers = _allHosts / 100;
        _administrators = new Zipf(_allAccounts / 100);
        _addresses = new Zipf(_allAddresses);
        _domains = new Zipf(_allDomains);
        _hashes = new Zipf(entities * 5 / 100);
    }

    /// <summary>The next of <paramref name="count"/> findings that are spread over thirty days.</summary>
    public GraphFinding Finding(int number, int count)
    {
        var time = (long)(Span.TotalMilliseconds * number / count) - (_random.Next(10) == 0 ? _random.NextInt64(Late) : 0);
        var place = _hosts.Next(_random);
        var host = Name("pc", place);
        var isServer = place < _servers;
        var account = Name("user", isServer ? _random.Next(_allAccounts) : _random.Next(20) == 0 ? _administrators.Next(_random) : Own(place, _allAccounts, 1, 2));
        var keys = new List<LinkKey>
        {
            new(EntityKinds.Host, host),
            new(LinkKinds.Account, account),
            new(LinkKinds.AccountOnHost, account + "@" + host),
        };
        var hub = _random.Next(10);
        if (hub < Hubs) keys.Add(new LinkKey(EntityKinds.Ip, Name("hub", hub)));
        else if (hub < 8) keys.Add(new LinkKey(EntityKinds.Ip, Name("ip", Outside(place, _allAddresses, 6, _addresses))));
        if (_random.Next(5) == 0) keys.Add(new LinkKey(EntityKinds.Domain, Name("domain", Outside(place, _allDomains, 3, _domains))));
        if (_random.Next(20) == 0) keys.Add(new LinkKey(EntityKinds.FileHash, Name("sha256:", _hashes.Next(_random))));
        return new GraphFinding(FindingId.Of("placing", "placing", FindingId.Part(number)), time, [.. keys], [host, account]);
    }

    /// <summary>The same as a finding of the log watch would be, with texts and evidence of usual length.</summary>
    /// <param name="node">What links it.</param>
    /// <param name="start">When the thirty days begin.</param>
    public static Finding Whole(GraphFinding node, DateTimeOffset start)
    {
        var rule = Name("rule", int.Parse(node.Id.Value.AsSpan(0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) % 200);
        var time = start.AddMilliseconds(node.Time);
        return new Finding
        {
            Id = node.Id,
            Detector = "logs.sigma",
            Rule = rule,
            RuleVersion = "1",
            Title = new Bilingual($"Suspicious use of {rule}", $"Usage suspect de {rule}"),
            Severity = (Severity)(2 + (node.Id.Value[0] % 3)),
            FirstSeen = time,
            LastSeen = time,
            Entities = [.. node.Keys.Where(key => key.Kind != LinkKinds.AccountOnHost).Select(EntityOf)],
            Techniques = ["T1059"],
            Evidence = [new Evidence { Kind = "log-line", Location = $"security.log:{node.Time}", Copy = string.Concat(Enumerable.Repeat($"{rule} {node.Id} ", 8)) }],
            Explanation = new Bilingual($"An event fulfils the rule \"{rule}\": the command line has three of its words.", $"Un événement remplit la règle « {rule} » : la ligne de commande en a trois mots."),
        };
    }

    private int Outside(int host, int all, int few, Zipf any) =>
        host < _servers ? _random.Next(all) : _random.Next(20) == 0 ? any.Next(_random) : Own(host, all, 4, few);

    // One of a few that belong to a host and its neighbors, and to nobody else while there are enough.
    private int Own(int host, int all, int neighbors, int few) => (int)((((long)host / neighbors * few) + _random.Next(few)) % all);

    private static Entity EntityOf(LinkKey key) => key.Kind switch
    {
        LinkKinds.Account => new Entity(EntityKinds.User, key.Value),
        EntityKinds.Domain => new Entity(EntityKinds.Domain, key.Value + ".example"),
        _ => new Entity(key.Kind, key.Value),
    };

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    /// <summary>Numbers below a bound, number n as often as 1/(n + 1).</summary>
    private sealed class Zipf
    {
        private readonly double[] _sums;

        public Zipf(int count)
        {
            _sums = new double[Math.Max(1, count)];
            var sum = 0.0;
            for (var i = 0; i < _sums.Length; i++) _sums[i] = sum += 1.0 / (i + 1);
        }

        public int Next(Random random)
        {
            var at = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
            return Math.Min(at < 0 ? ~at : at, _sums.Length - 1);
        }
    }
}
