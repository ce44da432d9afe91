using Vigie.Tests.Architecture;
using Vigie.Watches.Mail.Sample;

namespace Vigie.Tests.Watches.Mail.Sample;

public sealed class SampleMessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 8, 30, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<SampleMessage> Story = SampleMessage.ReadAll(Repository.Combine("samples", "mail"), Now);

    [Fact]
    public void Every_message_of_the_story_is_whole()
    {
        Assert.InRange(Story.Count, 6, 20);
        foreach (var message in Story)
        {
            Assert.NotEmpty(message.Recipients);
            Assert.NotEqual("", message.Shows.French);
            Assert.Contains(message.Headers, field => field is { Name: "Date", Value: "Mon, 04 May 2026 08:30:00 +0000" });
            Assert.Contains(message.Headers, field => field.Name == "Subject");
            Assert.DoesNotContain(message.Headers, field => field.Name.StartsWith("X-", StringComparison.Ordinal));
            Assert.DoesNotContain('{', message.Headers.First(field => field.Name == "Message-ID").Value);
        }
    }

    [Fact]
    public void The_story_has_slips_and_true_correspondents()
    {
        var recipients = Story.SelectMany(message => message.Recipients).Select(address => address.Split('@')[1]).ToList();
        Assert.Contains("army.ml", recipients);
        Assert.Contains("usaf.mil", recipients);
        Assert.Contains("sante.gov.ml", recipients);
        Assert.Contains(SampleMessage.Partner, recipients);
        Assert.Contains(SampleMessage.OwnDomain, recipients);
    }

    [Theory]
    [InlineData("Subject: no envelope\n\nbody")]
    [InlineData("no header at all")]
    [InlineData("not a field\n\nbody")]
    public void A_file_that_is_no_sample_is_named(string text) =>
        Assert.Contains("07-odd", Assert.Throws<InvalidDataException>(() => SampleMessage.Parse("07-odd", text, Now)).Message, StringComparison.Ordinal);
}
