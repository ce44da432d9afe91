using System.Net;
using Vigie.Tests.Acceptance;
using Vigie.Tests.Architecture;
using Vigie.Watches.Mail.Sample;

namespace Vigie.Tests.Watches.Mail.Sample;

/// <summary><c>up --sample</c> against a real node: the story goes through its milter, once.</summary>
[Collection("acceptance")]
public sealed class SampleStoryTests
{
    private static readonly string Folder = Repository.Combine("samples", "mail");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_observe_mode_every_message_of_the_story_is_delivered_and_sent_only_once()
    {
        await using var node = await RunningNode.StartAsync(Story("observe"), cancellationToken: Token);
        var story = new SampleStory(node.Settings.DataDirectory, TimeProvider.System);

        var outcomes = await story.SendAsync(node.Endpoints.Of("milter")[0], Folder, Token);
        Assert.Equal(Directory.GetFiles(Folder, "*.eml").Length, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.True(outcome is { Passed: true, Held: false, Refused.Count: 0 }, outcome.ToString()));
        Assert.Empty(await story.SendAsync(node.Endpoints.Of("milter")[0], Folder, Token));
    }

    [Fact]
    public async Task In_enforce_mode_the_slips_are_stopped_and_the_true_correspondents_are_not()
    {
        await using var node = await RunningNode.StartAsync(Story("enforce"), cancellationToken: Token);
        var outcomes = await new SampleStory(node.Settings.DataDirectory, TimeProvider.System).SendAsync(node.Endpoints.Of("milter")[0], Folder, Token);
        var stopped = outcomes.Where(o => o.Held || o.Refused.Count > 0).Select(o => o.Message.Name).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["05-itinerary", "06-two-recipients", "07-missing-dot", "08-partner-typo", "09-impostor", "10-banque", "11-refugees"],
            stopped);

        var itinerary = outcomes.Single(o => o.Message.Name == "05-itinerary");
        var (recipient, reply) = Assert.Single(itinerary.Refused);
        Assert.Equal("james.miller@army.ml", recipient);
        Assert.StartsWith("550", reply, StringComparison.Ordinal);
        Assert.Contains("army.mil", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_name_a_domain_keep_it()
    {
        using var folder = new TemporaryFolder();
        var mine = RunningNode.Read("protection:\n  ownDomains: [example.org]\n", folder.Path);
        Assert.Equal(["example.org"], SampleStory.Join(mine).Protection.OwnDomains);
        Assert.Equal([SampleMessage.OwnDomain], SampleStory.Join(RunningNode.Read("", folder.Path)).Protection.OwnDomains);
        Assert.Equal(IPAddress.Loopback, SampleStory.Join(mine).Console.Listen.Address);
    }

    private static string Story(string mode) =>
        $"mail:\n  mode: {mode}\nprotection:\n  ownDomains: [{SampleMessage.OwnDomain}]\n  partners: [{SampleMessage.Partner}]\n";
}
