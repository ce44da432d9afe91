using System.Net;
using Vigie.Tests.Acceptance;
using Vigie.Watches.Mail.Sample;

namespace Vigie.Tests.Watches.Mail.Sample;

public sealed class SampleStoryTests
{
    [Fact]
    public void Settings_that_name_a_domain_keep_it()
    {
        using var folder = new TemporaryFolder();
        var mine = RunningNode.Read("protection:\n  ownDomains: [example.org]\n", folder.Path);
        Assert.Equal(["example.org"], SampleStory.Join(mine).Protection.OwnDomains);
        Assert.Equal([SampleMessage.OwnDomain], SampleStory.Join(RunningNode.Read("", folder.Path)).Protection.OwnDomains);
        Assert.Equal(IPAddress.Loopback, SampleStory.Join(mine).Console.Listen.Address);
    }
}
