using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class AnswerCacheTests
{
    private readonly AdjustableTime _time = new();

    [Fact]
    public void Nothing_is_kept_longer_than_the_settings_allow()
    {
        var cache = Cache(o => o with { MaxNegativeAge = TimeSpan.FromMinutes(5) });
        cache.Keep(Denied("army.ml", TimeSpan.FromDays(1)));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.NotNull(cache.Find(Question("army.ml")));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(cache.Find(Question("army.ml")));
    }

    [Fact]
    public void The_unknown_is_never_kept()
    {
        var cache = Cache();
        cache.Keep(DnsAnswer.Unknown(Question("army.ml"), DnsFailure.Timeout) with { GoodFor = TimeSpan.FromDays(1) });
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_oldest_make_room()
    {
        var cache = Cache(o => o with { CacheEntries = 3 });
        foreach (var name in new[] { "a.ml", "b.ml", "a.ml", "c.ml", "d.ml", "e.ml" }) cache.Keep(Denied(name, TimeSpan.FromMinutes(1)));
        Assert.Equal(3, cache.Count);
        Assert.Null(cache.Find(Question("a.ml")));
        Assert.NotNull(cache.Find(Question("e.ml")));
    }

    private AnswerCache Cache(Func<DnsClientOptions, DnsClientOptions>? change = null)
    {
        var options = new DnsClientOptions { Servers = [] };
        return new AnswerCache(change?.Invoke(options) ?? options, _time);
    }

    private static DnsQuestion Question(string name) => new(DnsName.Parse(name), RecordType.Ns);

    private static DnsAnswer Denied(string name, TimeSpan goodFor) => new(Question(name), DnsOutcome.NoSuchName, [], null, false, goodFor);
}
