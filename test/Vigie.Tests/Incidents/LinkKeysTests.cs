using System.Collections.Frozen;
using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

public sealed class LinkKeysTests
{
    private static readonly LinkSurroundings Ours = new()
    {
        OwnDomains = new[] { "minfin.example.net", "xn--trsor-csa.net" }.ToFrozenSet(StringComparer.Ordinal),
        Hubs = new[] { new Entity(EntityKinds.Host, "mx1.minfin.example.net"), new Entity(EntityKinds.Ip, "10.0.0.25") }.ToFrozenSet(),
        Imitated = domain => domain is "army.ml" or "arny.mil" ? "army.mil" : null,
        IsGuarded = domain => domain == "army.mil" || domain.EndsWith(".army.mil", StringComparison.Ordinal),
    };

    [Theory]
    [InlineData("host:pc7", "host=pc7")]
    [InlineData("host:PC7.corp.local", "host=pc7")]
    [InlineData("host:pc7.minfin.example.net.", "host=pc7")]
    [InlineData("host:mail.rebound.org", "host=mail.rebound.org")]
    [InlineData("host:192.0.2.4", "ip=192.0.2.4")]
    [InlineData("host:localhost", "")]
    [InlineData("host:mx1.minfin.example.net", "")]
    [InlineData("ip:10.0.0.25", "")]
    [InlineData("ip:::ffff:192.0.2.4", "ip=192.0.2.4")]
    [InlineData("ip:2001:DB8:0::1", "ip=2001:db8::1")]
    [InlineData("ip:8.8.8.8", "")]
    [InlineData("ip:224.0.0.252", "")]
    [InlineData("ip:10.1.2.255", "")]
    [InlineData("ip:169.254.169.254", "")]
    [InlineData("ip:fe80::1", "")]
    [InlineData("ip:127.0.0.1", "")]
    [InlineData("domain:www.Rebound.org.", "domain=rebound.org")]
    [InlineData("domain:c2.rebound.co.uk", "domain=rebound.co.uk")]
    [InlineData("domain:ctldl.windowsupdate.com", "")]
    [InlineData("domain:raw.githubusercontent.com", "")]
    [InlineData("domain:minfin.example.net", "")]
    [InlineData("domain:portail.minfin.example.net", "")]
    [InlineData("domain:wpad", "")]
    [InlineData("domain:srv2.corp.local", "")]
    [InlineData("domain:5.2.0.192.in-addr.arpa", "")]
    [InlineData("domain:B\u00fccher-rebound.de", "domain=xn--bcher-rebound-wob.de")]
    [InlineData("domain:army.mil", "")]
    [InlineData("domain:mail.army.mil", "")]
    [InlineData("domain:mail.army.ml", "lookalike=army.ml imitates=army.mil")]
    [InlineData(@"user:MIN\Awa", "account=awa")]
    [InlineData("user:awa@corp.local", "account=awa")]
    [InlineData("user:awa@minfin.example.net", "account=awa")]
    [InlineData("user:awa@rebound.org", "account=awa@rebound.org")]
    [InlineData(@"user:nt authority\system", "")]
    [InlineData(@"user:corp\administrator", "")]
    [InlineData("user:dwm-1", "")]
    [InlineData("mailbox:Awa@minfin.example.net", "mailbox=awa@minfin.example.net account=awa")]
    [InlineData("mailbox:x@rebound.org", "mailbox=x@rebound.org domain=rebound.org")]
    [InlineData("mailbox:x@gmail.com", "mailbox=x@gmail.com")]
    [InlineData("mailbox:nobody", "")]
    [InlineData("file-hash:imphash:c324aaac01f0f75c811e1f80c41b860c", "")]
    [InlineData("file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc", "file-hash=md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    [InlineData("url:https://rebound.org/", "")]
    [InlineData("url:https://rebound.org/a.exe", "url=https://rebound.org/a.exe")]
    public void An_entity_gives_its_keys(string entity, string expected) => Assert.Equal(expected, Keys(entity));

    [Fact]
    public void An_account_of_the_directory_also_joins_by_its_machine() =>
        Assert.Equal(@"host=pc7 account=awa account-on-host=awa@pc7", Keys("host:pc7.corp.local", @"user:corp\awa"));

    [Fact]
    public void An_account_of_one_machine_joins_there_only() =>
        Assert.Equal("host=pc7 account-on-host=awa@pc7", Keys("host:pc7.corp.local", @"user:pc7\awa"));

    [Fact]
    public void A_file_joins_by_who_has_it_too() =>
        Assert.Equal(
            "file-hash=md5:aa file-hash=sha256:bb account=awa file-of-account=sha256:bb@awa",
            Keys("file-hash:md5:aa", "file-hash:imphash:cc", "file-hash:sha256:bb", @"user:min\awa"));

    [Fact]
    public void The_name_that_is_imitated_joins_by_the_imitation_only() =>
        Assert.Equal(
            "lookalike=army.ml imitates=army.mil",
            Keys(Ours with { IsGuarded = static _ => false }, "domain:army.ml", "domain:army.mil"));

    [Fact]
    public void A_refused_mail_and_a_query_for_the_same_lookalike_share_a_key_and_two_mails_to_the_guarded_name_do_not()
    {
        var mail = Of("mailbox:j@army.ml", "domain:army.ml", "domain:army.mil", "mailbox:awa@minfin.example.net");
        var query = Of("host:pc7", "domain:www.army.ml");
        var other = Of("host:pc8", "domain:mail.army.mil");
        Assert.Contains(new LinkKey(LinkKinds.Lookalike, "army.ml"), Shared(mail, query));
        Assert.Empty(Shared(mail, other));
        Assert.Empty(Shared(query, other));
    }

    [Fact]
    public void A_mailbox_of_an_own_domain_and_the_account_in_a_log_share_a_key() =>
        Assert.Contains(new LinkKey(LinkKinds.Account, "awa"), Shared(Of("mailbox:awa@minfin.example.net"), Of(@"user:minfin\AWA", "host:pc7")));

    [Fact]
    public void So_many_at_most_and_each_once()
    {
        var many = Enumerable.Range(0, 10_000).Select(i => new Entity(EntityKinds.Ip, $"198.51.{i / 250}.{(i % 250) + 1}"));
        var keys = LinkKeys.Of(Finding([.. many, .. many]), Ours);
        Assert.Equal(LinkKeys.Max, keys.Length);
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Whatever_the_entities_are_it_does_not_throw()
    {
        var random = new Random(11);
        string[] kinds = [EntityKinds.Host, EntityKinds.User, EntityKinds.Ip, EntityKinds.Domain, EntityKinds.Mailbox, EntityKinds.Url, EntityKinds.FileHash, EntityKinds.Process, "another"];
        const string alphabet = "a.\\@:/[]-$%{}0F \u00e9\u0000\ud800\u202ehttp://";
        for (var round = 0; round < 5000; round++)
        {
            var entities = Enumerable.Range(0, random.Next(6)).Select(_ => new Entity(kinds[random.Next(kinds.Length)], new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => alphabet[random.Next(alphabet.Length)])])));
            var placed = LinkKeys.ForGraph(Finding([.. entities]), Ours);
            Assert.True(placed.Keys.Length <= LinkKeys.Max);
            Assert.All(placed.Keys, key => Assert.NotEqual("", key.Value));
        }
    }

    private static string Keys(params string[] entities) => Keys(Ours, entities);

    private static string Keys(LinkSurroundings surroundings, params string[] entities) => string.Join(' ', LinkKeys.Of(Finding([.. entities.Select(Entity)]), surroundings));

    private static IEnumerable<LinkKey> Shared(IEnumerable<LinkKey> one, IEnumerable<LinkKey> other) => one.Intersect(other);

    private static ImmutableArray<LinkKey> Of(params string[] entities) => LinkKeys.Of(Finding([.. entities.Select(Entity)]), Ours);

    internal static Entity Entity(string text) => new(text[..text.IndexOf(':', StringComparison.Ordinal)], text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    internal static Finding Finding(IReadOnlyList<Entity> entities) => new()
    {
        Id = FindingId.Of("test", "test", [.. entities.Select(e => e.Value)]),
        Detector = "test",
        Rule = "test",
        RuleVersion = "1",
        Title = new Bilingual("t", "t"),
        Severity = Severity.High,
        FirstSeen = DateTimeOffset.UnixEpoch,
        LastSeen = DateTimeOffset.UnixEpoch,
        Entities = [.. entities],
        Explanation = new Bilingual("e", "e"),
    };
}
