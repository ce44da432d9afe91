using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Commands.Eval.Placing;

/// <summary>
/// Findings as a large organisation has them: few hosts, accounts and addresses are in most findings and most are in few
/// (Zipf), five addresses are in a tenth of all each, and one finding in ten comes up to two days late.
/// </summary>
internal sealed class PlacingWorld
{
    private const int Hubs = 5;

    /// <summary>The time over which findings are spread.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(30);

    private static readonly long Late = (long)TimeSpan.FromDays(2).TotalMilliseconds;

    private readonly Random _random;
    private readonly Zipf _hosts, _accounts, _addresses, _domains, _hashes;

    public PlacingWorld(int entities, int seed)
    {
        _random = new Random(seed);
        _hosts = new Zipf(entities * 20 / 100);
        _accounts = new Zipf(entities * 30 / 100);
        _addresses = new Zipf(entities * 30 / 100);
        _domains = new Zipf(entities * 15 / 100);
        _hashes = new Zipf(entities * 5 / 100);
    }

    /// <summary>The next of <paramref name="count"/> findings that are spread over thirty days.</summary>
    public GraphFinding Finding(int number, int count)
    {
        var time = (long)(Span.TotalMilliseconds * number / count) - (_random.Next(10) == 0 ? _random.NextInt64(Late) : 0);
        var host = Name("pc", _hosts.Next(_random));
        var account = Name("user", _accounts.Next(_random));
        var keys = new List<LinkKey>
        {
            new(EntityKinds.Host, host),
            new(LinkKinds.Account, account),
            new(LinkKinds.AccountOnHost, account + "@" + host),
        };
        var hub = _random.Next(10);
        if (hub < Hubs) keys.Add(new LinkKey(EntityKinds.Ip, Name("hub", hub)));
        else if (hub < 8) keys.Add(new LinkKey(EntityKinds.Ip, Name("ip", _addresses.Next(_random))));
        if (_random.Next(5) == 0) keys.Add(new LinkKey(EntityKinds.Domain, Name("domain", _domains.Next(_random))));
        if (_random.Next(20) == 0) keys.Add(new LinkKey(EntityKinds.FileHash, Name("sha256:", _hashes.Next(_random))));
        return new GraphFinding(FindingId.Of("placing", "placing", FindingId.Part(number)), time, [.. keys], [host]);
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
