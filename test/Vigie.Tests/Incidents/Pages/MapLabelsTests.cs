using Vigie.Engine.Findings;
using Vigie.Incidents.Pages;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents.Pages;

public sealed class MapLabelsTests
{
    [Theory]
    [InlineData(EntityKinds.Host, "ws-ops-07", "ws-ops-07")]
    [InlineData(EntityKinds.Host, "pc-fatou.horizon-voyages.example", "pc-fatou.horizon-…")]
    [InlineData(EntityKinds.Mailbox, "fatou.diarra@horizon-voyages.example", "fatou.diarra@hori…")]
    [InlineData(EntityKinds.User, @"HORIZON\fatou.diarra", @"…\fatou.diarra")]
    [InlineData(EntityKinds.Domain, "login.horizon-voyages.example", "login.hor….example")]
    public void A_long_name_keeps_what_tells_which_one_it_is(string kind, string name, string label) => Assert.Equal([label], MapLabels.Of([(new Entity(kind, name), name)]));

    [Theory]
    [InlineData("horizon-voyage.example", "horizon-voyages.example")]
    [InlineData("horizon-voyages-bamako.example", "horizon-voyagse-bamako.example")]
    [InlineData("https://intranet.horizon.example/a/x/index.html", "https://intranet.horizon.example/b/x/index.html")]
    public void Two_names_never_read_the_same(string one, string other)
    {
        var labels = MapLabels.Of([(new Entity(EntityKinds.Domain, one), one), (new Entity(EntityKinds.Domain, "army.ml"), "army.ml"), (new Entity(EntityKinds.Domain, other), other)]);

        Assert.Equal("army.ml", labels[1]);
        Assert.NotEqual(labels[0], labels[2]);
        Assert.All(labels, label => Assert.InRange(label.Length, 1, MapLabels.Longest));
    }

    [Fact]
    public void Whatever_a_name_holds_its_label_fits()
    {
        var hostile = MailStory.Hostile.Concat(MailStory.Hostile.Select(text => text + text)).ToList();
        foreach (var kind in (string[])[EntityKinds.Host, EntityKinds.User, EntityKinds.Domain])
            Assert.All(MapLabels.Of([.. hostile.Select(text => (new Entity(kind, text), text))]), label => Assert.InRange(label.Length, 0, MapLabels.Longest + 1));
    }
}
