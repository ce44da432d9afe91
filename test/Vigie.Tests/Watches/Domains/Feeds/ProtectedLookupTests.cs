using Vigie.Engine.Lookalikes;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Tests.Watches.Domains.Feeds;

public sealed class ProtectedLookupTests
{
    private static readonly ProtectedName Own = new("army.mil", ProtectedOrigin.Own, "settings");
    private static readonly ProtectedName Partner = new("contractor.com", ProtectedOrigin.Partner, "settings");
    private static readonly ProtectedName Pack = new("navy.mil", ProtectedOrigin.Pack, "us-military");

    [Fact]
    public void Finds_whom_a_name_imitates()
    {
        var lookup = new ProtectedLookup(() => [Own], FeedTargets.All);
        var match = Assert.Single(lookup.Find("mail.army.ml")!);
        Assert.Equal(("mail.army.ml", "army.ml", "army.mil"), (match.Suspect, match.Registrable, match.Target));
        Assert.Empty(lookup.Find("unrelated.org")!);
        Assert.Empty(lookup.Find("www.army.mil")!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a name")]
    [InlineData("a..b")]
    public void What_is_no_name_is_told_apart_from_what_imitates_nothing(string name) =>
        Assert.Null(new ProtectedLookup(() => [Own], FeedTargets.All).Find(name));

    [Theory]
    [InlineData(FeedTargets.Own, 1)]
    [InlineData(FeedTargets.Partners, 2)]
    [InlineData(FeedTargets.All, 3)]
    public void Only_the_wanted_names_count(FeedTargets targets, int expected)
    {
        var lookup = new ProtectedLookup(() => [Own, Partner, Pack], targets);
        Assert.Equal(expected, new[] { "army.ml", "contractor.co", "navy.ml" }.Count(name => lookup.Find(name)!.Count > 0));
    }

    [Fact]
    public void A_name_that_is_protected_imitates_nobody_even_where_it_does_not_count()
    {
        var lookup = new ProtectedLookup(() => [Own, new ProtectedName("army.ml", ProtectedOrigin.Pack, "mali")], FeedTargets.Own);
        Assert.Empty(lookup.Find("army.ml")!);
    }

    [Fact]
    public void Names_that_change_are_used_from_then_on()
    {
        IReadOnlyList<ProtectedName> names = [Own];
        var lookup = new ProtectedLookup(() => names, FeedTargets.All);
        Assert.Empty(lookup.Find("navy.ml")!);
        names = [Own, Pack];
        Assert.NotEmpty(lookup.Find("navy.ml")!);
    }
}
