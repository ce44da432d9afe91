using System.Net.Sockets;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>What a peer, or a session of ours, can do to the server: little.</summary>
public sealed class MilterLimitsTests
{
    private readonly ScriptedHandler _script = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<MilterPeer> InMessageAsync(RunningMilter milter)
    {
        var peer = await milter.MeetAsync(Token);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.MailFrom(), Token));
        return peer;
    }

    [Fact]
    public async Task Sixty_thousand_recipients_are_answered_one_by_one()
    {
        const int count = 60_000;
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await InMessageAsync(milter);
        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < count; i++) await peer.SendAsync(MilterPackets.Recipient($"<u{i}@example.org>"), Token);
            },
            Token);
        var answers = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var answer = await peer.AnswerAsync(Token);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        await sending;
        Assert.Equal(10_000, answers["c"]);
        Assert.Equal(50_000, answers["y452 4.5.3 Too many recipients|"]);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.EndOfMessage(), Token));
        Assert.Equal(10_000, _script.Calls.Count(call => call.StartsWith("rcpt", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Header_fields_and_body_beyond_the_limits_are_not_passed_on_and_the_session_knows()
    {
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(new MilterLimits { Headers = 2, BodyBytes = 10 }), Token);
        await using var peer = await InMessageAsync(milter);
        for (var i = 0; i < 4; i++) Assert.Equal("c", await peer.AskAsync(MilterPackets.Header($"X-{i}", "v"), Token));
        for (var i = 0; i < 3; i++) Assert.Equal("c", await peer.AskAsync(MilterPackets.Body("12345678"), Token));
        Assert.Equal("c", await peer.AskAsync(MilterPackets.EndOfMessage(), Token));
        Assert.Equal(["mail <a@example.com>", "header X-0:v", "header X-1:v", "body 12345678", "eom truncated"], _script.Calls);

        // The next message starts afresh.
        _script.Calls.Clear();
        Assert.Equal("c", await peer.AskAsync(MilterPackets.MailFrom(), Token));
        Assert.Equal("c", await peer.AskAsync(MilterPackets.EndOfMessage("123"), Token));
        Assert.Equal(["mail <a@example.com>", "body 123", "eom"], _script.Calls);
    }

    [Fact]
    public async Task Messages_beyond_the_limit_end_the_SMTP_connection()
    {
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(new MilterLimits { Messages = 1 }), Token);
        await using var peer = await InMessageAsync(milter);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.EndOfMessage(), Token));
        Assert.Equal("4", await peer.AskAsync(MilterPackets.MailFrom(), Token));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_answered_by_policy_and_far_beyond_it_closed()
    {
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(new MilterLimits { Sessions = 1 }), Token);
        await using var first = await InMessageAsync(milter);
        await using var second = await milter.MeetAsync(Token);
        Assert.Equal("t", await second.AskAsync(MilterPackets.Connect(), Token));
        Assert.Equal("t", await second.AskAsync(MilterPackets.MailFrom(), Token));
        await using var third = await milter.ConnectAsync(Token);
        Assert.Equal("closed", await third.NegotiateAsync(Token));
        Assert.Equal("c", await first.AskAsync(MilterPackets.EndOfMessage(), Token));
    }

    [Fact]
    public async Task Two_thousand_connections_are_served_at_once()
    {
        const int count = 2_000;
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        var peers = new List<MilterPeer>();
        try
        {
            for (var i = 0; i < count; i++) peers.Add(await InMessageAsync(milter));
            Assert.Equal(count, milter.Server.Sessions);
            await Parallel.ForEachAsync(peers, Token, async (peer, token) =>
            {
                Assert.Equal("c", await peer.AskAsync(MilterPackets.Recipient(), token));
                Assert.Equal("c", await peer.AskAsync(MilterPackets.EndOfMessage(), token));
            });
        }
        finally
        {
            foreach (var peer in peers) await peer.DisposeAsync();
        }

        await Eventually.Become(() => milter.Server.Sessions == 0, Token);
        Assert.Equal(count, _script.Disposed);
    }

    [Fact]
    public async Task A_peer_that_stalls_within_a_packet_is_closed()
    {
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(timeouts: new MilterTimeouts { Packet = TimeSpan.FromMilliseconds(200) }), Token);
        await using var peer = await InMessageAsync(milter);
        await peer.SendAsync(MilterPackets.Recipient().AsMemory(0, 7), Token);
        Assert.Equal("closed", await peer.AnswerAsync(Token));
        await Eventually.Become(() => _script.Calls.Contains("abort") && _script.Disposed == 1, Token);
    }

    [Fact]
    public async Task A_packet_that_trickles_in_gets_no_more_time()
    {
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(timeouts: new MilterTimeouts { Packet = TimeSpan.FromMilliseconds(300) }), Token);
        await using var peer = await InMessageAsync(milter);
        var closed = peer.AnswerAsync(Token);
        try
        {
            foreach (var octet in MilterPackets.Body(new string('x', 50_000)))
            {
                if (closed.IsCompleted) break;
                await peer.SendAsync(new[] { octet }, Token);
                await Task.Delay(20, Token);
            }
        }
        catch (IOException)
        {
            // Closed while sending: just what is wanted.
        }

        Assert.Equal("closed", await closed);
    }

    [Fact]
    public async Task A_peer_that_never_negotiates_or_falls_silent_is_closed()
    {
        await using var milter = await RunningMilter.StartAsync(
            _script, RunningMilter.Settings(timeouts: new MilterTimeouts { Packet = TimeSpan.FromMilliseconds(200), Idle = TimeSpan.FromMilliseconds(400) }), Token);
        await using var mute = await milter.ConnectAsync(Token);
        Assert.Equal("closed", await mute.AnswerAsync(Token));
        await using var idle = await milter.MeetAsync(Token);
        Assert.Equal("closed", await idle.AnswerAsync(Token));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_answers_is_closed()
    {
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(timeouts: new MilterTimeouts { Packet = TimeSpan.FromMilliseconds(300) }), Token);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(milter.EndPoint, Token);
        _script.Reply = (_, _, _) => new(MilterReply.Custom(450, "4.7.1", Enumerable.Repeat(new string('x', 900), 32).ToArray()));
        var stream = new NetworkStream(socket);
        await stream.WriteAsync(MilterPackets.Negotiate(), Token);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true) await stream.WriteAsync(MilterPackets.Helo(), Token);
        });
        await Eventually.Become(() => milter.Server.Sessions == 0, Token);
    }

    [Theory]
    [InlineData(FailurePolicy.TempFail, "t")]
    [InlineData(FailurePolicy.Accept, "a")]
    public async Task A_session_that_takes_too_long_is_answered_by_policy_and_let_go_later(FailurePolicy policy, string expected)
    {
        var release = new TaskCompletionSource<MilterReply>();
        var cancelled = false;
        _script.Reply = async (call, _, token) =>
        {
            if (!call.StartsWith("rcpt", StringComparison.Ordinal)) return MilterReply.Continue;
            token.Register(() => cancelled = true);
            return await release.Task;
        };
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(onFailure: policy, timeouts: new MilterTimeouts { Command = TimeSpan.FromMilliseconds(150) }), Token);
        await using var peer = await InMessageAsync(milter);
        Assert.Equal(expected, await peer.AskAsync(MilterPackets.Recipient(), Token));
        Assert.Equal("closed", await peer.AnswerAsync(Token));
        Assert.True(cancelled);
        Assert.Equal(0, _script.Disposed);
        Assert.Contains(milter.Log, entry => entry.Id == 2003);
        release.SetResult(MilterReply.Continue);
        await Eventually.Become(() => _script.Disposed == 1, Token);
    }

    [Fact]
    public async Task A_slow_verdict_keeps_the_MTA_waiting_with_progress()
    {
        var release = new TaskCompletionSource<MilterReply>();
        _script.Reply = async (call, _, _) => call == "eom" ? await release.Task : MilterReply.Continue;
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(timeouts: new MilterTimeouts { Progress = TimeSpan.FromMilliseconds(50) }), Token);
        await using var peer = await InMessageAsync(milter);
        await peer.SendAsync(MilterPackets.EndOfMessage(), Token);
        for (var i = 0; i < 3; i++) Assert.Equal("p", await peer.AnswerAsync(Token));
        release.SetResult(MilterReply.Accept);
        string answer;
        do answer = await peer.AnswerAsync(Token); while (answer == "p");
        Assert.Equal("a", answer);
    }

    [Fact]
    public async Task A_session_can_send_progress_itself()
    {
        _script.ModifyAsync = async (message, token) => await message.ProgressAsync(token);
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await InMessageAsync(milter);
        Assert.Equal("p", await peer.AskAsync(MilterPackets.EndOfMessage(), Token));
        Assert.Equal("c", await peer.AnswerAsync(Token));
    }

    [Fact]
    public async Task Stopping_lets_messages_under_way_end_and_closes_the_rest()
    {
        var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var idle = await milter.MeetAsync(Token);
        await using var busy = await InMessageAsync(milter);
        var stopping = milter.Server.StopAsync(Token);
        Assert.Equal("closed", await idle.AnswerAsync(Token));
        await Assert.ThrowsAnyAsync<SocketException>(async () => await milter.ConnectAsync(Token));
        Assert.Equal("c", await busy.AskAsync(MilterPackets.Recipient(), Token));
        Assert.Equal("c", await busy.AskAsync(MilterPackets.EndOfMessage(), Token));
        Assert.Equal("closed", await busy.AnswerAsync(Token));
        await stopping;
        Assert.Equal(0, milter.Server.Sessions);
        await milter.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_waits_no_longer_than_the_drain_time()
    {
        var asked = new TaskCompletionSource();
        _script.Reply = async (call, _, token) =>
        {
            if (call != "eom") return MilterReply.Continue;
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return MilterReply.Continue;
        };
        var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(timeouts: new MilterTimeouts { Drain = TimeSpan.FromMilliseconds(200) }), Token);
        await using var waiting = await InMessageAsync(milter);
        await using var deciding = await InMessageAsync(milter);
        await deciding.SendAsync(MilterPackets.EndOfMessage(), Token);
        await asked.Task.WaitAsync(Token);
        await milter.Server.StopAsync(Token);
        Assert.Equal("closed", await waiting.AnswerAsync(Token));
        Assert.Equal("t", await deciding.AnswerAsync(Token));
        Assert.Equal("closed", await deciding.AnswerAsync(Token));
        Assert.Contains(milter.Log, entry => entry.Id == 2009);
        await milter.DisposeAsync();
    }
}
