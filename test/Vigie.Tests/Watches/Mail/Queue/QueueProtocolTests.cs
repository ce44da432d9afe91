using System.Text;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Tests.Watches.Mail.Queue;

public sealed class QueueProtocolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Requests_and_replies_come_back_as_they_went()
    {
        foreach (var verb in Enum.GetValues<QueueVerb>())
        {
            Assert.True(QueueProtocol.TryReadRequest(QueueProtocol.Request(verb, "B17EEB1E312").TrimEnd('\n'), out var read, out var id));
            Assert.Equal((verb, "B17EEB1E312"), (read, id));
        }

        foreach (var outcome in Enum.GetValues<QueueOutcome>())
        {
            Assert.True(QueueProtocol.TryReadReply(QueueProtocol.Reply(new QueueReply(outcome, "some words")).TrimEnd('\n'), out var reply));
            Assert.Equal(new QueueReply(outcome, "some words"), reply);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("release")]
    [InlineData("release ALL")]
    [InlineData("release -")]
    [InlineData("release  B17EEB1E312")]
    [InlineData("release B17EEB1E312 deferred")]
    [InlineData("Release B17EEB1E312")]
    [InlineData("requeue B17EEB1E312")]
    [InlineData("delete ../../etc/passwd")]
    public void Anything_that_is_not_exactly_a_request_is_none(string line) =>
        Assert.False(QueueProtocol.TryReadRequest(line, out _, out _));

    [Fact]
    public void Random_lines_are_requests_only_when_they_say_a_verb_and_an_id()
    {
        const int seed = 20260821;
        var random = new Random(seed);
        string[] pieces = ["release", "return", "delete", "list", " ", "\t", "ALL", "-d", "B17EEB1E312", "3Pt2mN2VXxznjll", "\0", "é", ";", "/"];
        for (var i = 0; i < 20_000; i++)
        {
            var line = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!QueueProtocol.TryReadRequest(line, out var verb, out var id)) continue;
            Assert.True(QueueProtocol.Request(verb, id) == line + "\n" && QueueIds.IsValid(id), $"seed {seed}: {line}");
        }
    }

    [Fact]
    public void A_reply_is_one_line_whatever_a_program_wrote() =>
        Assert.Equal("unavailable a  done b  \n", QueueProtocol.Reply(new QueueReply(QueueOutcome.Unavailable, "a\n\rdone b\u00e9\0")));

    [Fact]
    public async Task A_line_too_long_or_cut_off_is_no_line()
    {
        Assert.Equal("list", await QueueProtocol.ReadLineAsync(Stream("list\nrest"), 40, Token));
        Assert.Null(await QueueProtocol.ReadLineAsync(Stream("list"), 40, Token));
        Assert.Null(await QueueProtocol.ReadLineAsync(Stream(new string('x', 41) + "\n"), 40, Token));
        Assert.Null(await QueueProtocol.ReadLineAsync(Stream(new string('x', 100_000)), 40, Token));
    }

    private static MemoryStream Stream(string text) => new(Encoding.ASCII.GetBytes(text));
}
