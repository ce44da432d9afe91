using Vigie.Operations;
using Vigie.Watches.Domains;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Tests.Watches.Domains;

public sealed class DomainsSettingsTests
{
    [Fact]
    public void An_empty_file_watches_politely_and_probes_nobody()
    {
        var domains = Settings.Parse("", null, out var problems).Domains;
        Assert.Empty(problems);
        Assert.Equivalent(new DomainsSettings(), domains);
        Assert.False(domains.ProbeMail);
        Assert.Empty(domains.Feeds);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var domains = Settings.Parse(
            """
            domains:
              watch: false
              interval: 6h
              jitter: 5m
              candidates: 50
              goneAfter: 7
              probeMail: true
              probeHelo: probe.example.com
              feedTargets: all
              dns:
                servers: [192.0.2.53, "192.0.2.54:5353", "[2001:db8::53]:53", "2001:db8::54"]
                timeout: 5s
                rounds: 1
                concurrency: 4
                queriesPerSecond: 2.5
                randomCase: false
              feeds:
                - name: list
                  file: /tmp/list.txt
                  format: csv
                  column: domain
                - name: far
                  url: https://feeds.example.com/x
                  maxBytes: 1MB
                  interval: 6h
            """,
            null,
            out var problems).Domains;
        Assert.Empty(problems);
        Assert.Equal((false, TimeSpan.FromHours(6), TimeSpan.FromMinutes(5), 50, 7, true, "probe.example.com", FeedTargets.All), (domains.Watch, domains.Interval, domains.Jitter, domains.Candidates, domains.GoneAfter, domains.ProbeMail, domains.ProbeHelo, domains.FeedTargets));
        Assert.Equal(["192.0.2.53:53", "192.0.2.54:5353", "[2001:db8::53]:53", "[2001:db8::54]:53"], domains.Dns.Servers.Select(s => s.ToString()));
        Assert.Equal((TimeSpan.FromSeconds(5), 1, 4, 2.5, false), (domains.Dns.Timeout, domains.Dns.Rounds, domains.Dns.Concurrency, domains.Dns.QueriesPerSecond, domains.Dns.RandomCase));
        Assert.Equal(("list", "/tmp/list.txt", FeedFormat.Csv, "domain", TimeSpan.FromSeconds(10)), (domains.Feeds[0].Name, domains.Feeds[0].File, domains.Feeds[0].Format, domains.Feeds[0].Column, domains.Feeds[0].Interval));
        Assert.Equal(("far", "https://feeds.example.com/x", 1_000_000L, TimeSpan.FromHours(6)), (domains.Feeds[1].Name, domains.Feeds[1].Url!.ToString(), domains.Feeds[1].MaxBytes, domains.Feeds[1].Interval));
    }

    [Theory]
    [InlineData("interval: 5s", "domains.interval")]
    [InlineData("jitter: 30d", "domains.jitter")]
    [InlineData("candidates: 0", "domains.candidates")]
    [InlineData("probeHelo: \"a\\r\\nMAIL\"", "domains.probeHelo")]
    [InlineData("feedTargets: some", "domains.feedTargets")]
    [InlineData("dns: { servers: [localhost] }", "domains.dns.servers")]
    [InlineData("dns: { servers: [\"192.0.2.1:0\"] }", "domains.dns.servers")]
    [InlineData("dns: { queriesPerSecond: 0 }", "domains.dns.queriesPerSecond")]
    [InlineData("feeds: [ { file: /x } ]", "domains.feeds[0].name")]
    [InlineData("feeds: [ { name: a } ]", "domains.feeds[0].file")]
    [InlineData("feeds: [ { name: a, file: /x, url: \"http://x/\" } ]", "domains.feeds[0].file")]
    [InlineData("feeds: [ { name: a, url: \"ftp://x/\" } ]", "domains.feeds[0].url")]
    [InlineData("feeds: [ { name: a, url: \"https://user:pass@x/\" } ]", "domains.feeds[0].url")]
    [InlineData("feeds: [ { name: a, file: /x }, { name: a, file: /y } ]", "domains.feeds[1].name")]
    [InlineData("feeds: [ { name: A/../b, file: /x } ]", "domains.feeds[0].name")]
    [InlineData("nonsense: 1", "domains.nonsense")]
    public void A_mistake_is_named_with_its_key(string line, string key)
    {
        _ = Settings.Parse($"domains:\n  {line}\n", null, out var problems);
        var problem = Assert.Single(problems);
        Assert.Equal(key, problem.Key);
        Assert.Equal(2, problem.Line);
    }
}
