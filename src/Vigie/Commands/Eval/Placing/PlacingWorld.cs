using System.Globalization;
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

    private static readonly TimeSpan Span = TimeSpan.FromDays(30);
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
