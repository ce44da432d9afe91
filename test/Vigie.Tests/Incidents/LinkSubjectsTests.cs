using System.Collections.Frozen;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

public sealed class LinkSubjectsTests
{
    private static readonly LinkSurroundings Ours = new()
    {
        OwnDomains = FrozenSet.Create(StringComparer.Ordinal, "minfin.example.net"),
        IsGuarded = static domain => domain == "army.mil",
        Hubs = new[] { new Entity(EntityKinds.Host, "proxy1") }.ToFrozenSet(),
    };

    [Theory]
    [InlineData("pc7", "host:pc7.corp.local", "host:srv2", "ip:10.0.0.9")]
    [InlineData("pc7 awa", "host:pc7", @"user:min\awa", "mailbox:awa@minfin.example.net")]
    [InlineData("awa x@rebound.org", "mailbox:awa@minfin.example.net", "mailbox:X@Rebound.org", "domain:rebound.org")]
    [InlineData("awa", "host:proxy1", @"user:min\awa")]
    [InlineData("10.0.0.9 192.0.2.1", "ip:10.0.0.9", "ip:192.0.2.1", "domain:rebound.org")]
    [InlineData("army.ml", "domain:mail.army.ml", "domain:army.mil", "domain:mx2.army.ml", "domain:mail.google.com")]
    [InlineData("", "process:{0197231e-005a-6928-a50b-000000000d00}")]
    public void A_finding_is_about(string expected, params string[] entities) =>
        Assert.Equal(expected, string.Join(' ', LinkSubjects.Of(LinkKeysTests.Finding([.. entities.Select(LinkKeysTests.Entity)]), Ours)));

    [Fact]
    public void So_many_at_most() =>
        Assert.Equal(LinkSubjects.Max, LinkSubjects.Of(LinkKeysTests.Finding([.. Enumerable.Range(0, 1000).Select(i => new Entity(EntityKinds.Mailbox, $"m{i}@rebound.org"))]), Ours).Length);
}
