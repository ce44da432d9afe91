using Vigie.Engine.Findings;
using Vigie.Incidents.Pages;

namespace Vigie.Tests.Incidents.Pages;

/// <summary>A list shows each name once.</summary>
public sealed class EntityNamesTests
{
    [Fact]
    public void Each_name_stands_once_and_numbers_of_machines_nowhere()
    {
        Entity[] all =
        [
            new(EntityKinds.Process, "{5b1d}"), new(EntityKinds.User, "fatou"), new(EntityKinds.Mailbox, "fatou@a.example"), new(EntityKinds.User, "Fatou@a.example"),
            new(EntityKinds.User, "fato"), new(EntityKinds.QueueId, "4Wb"), new(EntityKinds.Host, "pc"),
        ];
        Assert.Equal(["fatou@a.example", "fato", "pc"], EntityNames.Foremost(all, 6).Select(entity => entity.Value));
        Assert.Equal(["fatou@a.example"], EntityNames.Foremost(all, 1).Select(entity => entity.Value));
    }

    [Fact]
    public void An_account_without_its_mailbox_is_shown() =>
        Assert.Equal(["fatou"], EntityNames.Foremost([new Entity(EntityKinds.User, "fatou"), new Entity(EntityKinds.Mailbox, "fatoumata@a.example")], 1).Select(entity => entity.Value));
}
