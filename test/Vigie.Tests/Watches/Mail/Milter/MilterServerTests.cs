using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>The dialogue over a real socket, as <c>mfdef.h</c> and libmilter's documentation have it.</summary>
public sealed class MilterServerTests
{
    private readonly ScriptedHandler _script = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private void ReplyTo(string prefix, MilterReply reply)
    {
        var before = _script.Reply;
        _script.Reply = (call, macros, token) => call.StartsWith(prefix, StringComparison.Ordinal) ? new(reply) : before(call, macros, token);
    }

    private static async Task<IReadOnlyList<string>> AskAllAsync(MilterPeer peer, IEnumerable<byte[]> packets)
    {
        var answers = new List<string>();
        foreach (var packet in packets)
        {
            await peer.SendAsync(packet, Token);
            if (packet[4] != 'D') answers.Add(await peer.AnswerAsync(Token));
        }

        return answers;
    }

    [Fact]
    public async Task Asks_only_for_what_is_both_wanted_and_offered()
    {
        _script.Wanted = new MilterNegotiation
        {
            Actions = MilterActions.AddHeaders | MilterActions.Quarantine | MilterActions.ChangeFrom,
            Steps = MilterSteps.NoBody | MilterSteps.NoReplyToHeaders | MilterSteps.Skip,
            Symbols = new Dictionary<MacroStage, string> { [MacroStage.MailFrom] = "i {auth_authen}" },
        };
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);

        await using var all = await milter.ConnectAsync(Token);
        await all.SendAsync(MilterPackets.Negotiate(), Token);
        var answer = (await all.ReadAsync(Token))!.Value;
        Assert.Equal("00000006" + "00000161" + "00000490" + "00000002" + Convert.ToHexStringLower("i {auth_authen}\0"u8), Convert.ToHexStringLower(answer.Data));

        // Version 2 knows neither NR_HDR, SKIP, CHGFROM nor SETSYMLIST.
        await using var old = await milter.ConnectAsync(Token);
        await old.SendAsync(MilterPackets.Negotiate(2, (MilterActions)0x3F, (MilterSteps)0x7F), Token);
        Assert.Equal("00000002" + "00000021" + "00000010", Convert.ToHexStringLower((await old.ReadAsync(Token))!.Value.Data));

        // A peer from the future is met at version 6, and bits nobody knows are not sent back.
        await using var future = await milter.ConnectAsync(Token);
        await future.SendAsync(MilterPackets.Negotiate(9, (MilterActions)0xFFFFFFFF, (MilterSteps)0xFFFFFFFF), Token);
        Assert.StartsWith("00000006" + "00000161" + "00000490", Convert.ToHexStringLower((await future.ReadAsync(Token))!.Value.Data), StringComparison.Ordinal);
        Assert.Equal(new MilterOffer(6, MilterActions.All, MilterSteps.All), _script.LastOffer);
    }

    [Fact]
    public async Task Passes_on_every_step_of_two_messages_and_every_macro()
    {
        var seen = new List<string>();
        _script.Reply = (call, macros, _) =>
        {
            if (call.StartsWith("mail", StringComparison.Ordinal) || call == "eom") seen.Add($"{call.Split(' ')[0]} {macros["i"]} {macros["mail_addr"]} {macros["{daemon_name}"]}");
            return new(MilterReply.Continue);
        };
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        await peer.SendAsync(MilterPackets.Macro('C', "{daemon_name}", "smtpd"), Token);
        Assert.Equal(["c", "c"], await AskAllAsync(peer, [MilterPackets.Connect(), MilterPackets.Helo()]));
        for (var i = 0; i < 2; i++) Assert.All(await AskAllAsync(peer, MilterPackets.Message()), answer => Assert.Equal("c", answer));
        Assert.Equal(["c"], await AskAllAsync(peer, [MilterPackets.Texts('U', "FROB x")]));
        await peer.SendAsync(MilterPackets.Quit(), Token);
        Assert.Equal("closed", await peer.AnswerAsync(Token));

        string[] message = ["mail <a@example.com> SIZE=100", "rcpt <b@example.org>", "data", "header Subject:hello", "header To:b@example.org", "eoh", "body one\r\n", "eom"];
        Assert.Equal(["connect client.example.com IPv4 192.0.2.1 4711", "helo client.example.com", .. message, .. message, "unknown FROB x"], _script.Calls);
        Assert.Equal(["mail 4XyZ a@example.com smtpd", "eom 4XyZ a@example.com smtpd"], seen[..2]);
        Assert.Equal(1, _script.Opened);
    }

    [Fact]
    public async Task A_macro_and_an_abort_get_no_answer()
    {
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        await peer.SendAsync((byte[])[.. MilterPackets.Macro('M', "i", "1"), .. MilterPackets.MailFrom(), .. MilterPackets.Abort(), .. MilterPackets.Abort(), .. MilterPackets.Helo()], Token);
        Assert.Equal("c", await peer.AnswerAsync(Token));
        Assert.Equal("c", await peer.AnswerAsync(Token));
        Assert.Equal(["mail <a@example.com>", "abort", "helo client.example.com"], _script.Calls);
    }

    [Fact]
    public async Task Refuses_one_recipient_in_its_own_words_and_keeps_the_message()
    {
        ReplyTo("rcpt <bad@", MilterReply.Custom(550, "5.7.1", "Did you mean <c@army.mil>?", "100%"));
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        Assert.Equal(
            ["c", "y550-5.7.1 Did you mean <c@army.mil>?\r\n550 5.7.1 100%%|", "c", "c"],
            await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.Recipient("<bad@army.ml>"), MilterPackets.Recipient("<good@army.mil>"), MilterPackets.EndOfMessage()]));
    }

    [Fact]
    public async Task Sends_all_changes_before_the_verdict()
    {
        _script.Wanted = new MilterNegotiation { Actions = MilterActions.All };
        _script.Modify = m =>
        {
            m.AddHeader("X-A", "1\r\n\t2");
            m.InsertHeader(0, "X-B", "3");
            m.ChangeHeader("Subject", 1, "");
            m.AddRecipient("<c@example.com>");
            m.AddRecipient("<d@example.com>", "NOTIFY=NEVER");
            m.DeleteRecipient("<b@example.org>");
            m.ReplaceBody("new\r\n"u8);
            m.ChangeFrom("<e@example.com>");
            m.Quarantine("held");
        };
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.Recipient()]);
        await peer.SendAsync(MilterPackets.EndOfMessage(), Token);
        var answers = new List<string>();
        do answers.Add(await peer.AnswerAsync(Token)); while (answers[^1] != "c");
        Assert.Equal(
            ["hX-A|1\n\t2|", "i||||X-B|3|", "m|||\u0001Subject||", "+<c@example.com>|", "2<d@example.com>|NOTIFY=NEVER|", "-<b@example.org>|", "bnew\r\n", "e<e@example.com>|", "qheld|", "c"],
            answers);
    }

    [Fact]
    public async Task A_verdict_that_stops_the_message_sends_no_changes()
    {
        _script.Wanted = new MilterNegotiation { Actions = MilterActions.All };
        _script.Modify = m => m.AddHeader("X-A", "1");
        ReplyTo("eom", MilterReply.Reject);
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        Assert.Equal(["c", "c", "r"], await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.Recipient(), MilterPackets.EndOfMessage()]));
    }

    [Fact]
    public async Task An_action_that_was_not_granted_throws_and_is_answered_by_policy()
    {
        _script.Wanted = new MilterNegotiation { Actions = MilterActions.Quarantine };
        _script.Modify = m => m.Quarantine("x");
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.ConnectAsync(Token);
        Assert.StartsWith("O", await peer.AskAsync(MilterPackets.Negotiate(2, (MilterActions)0x1F, (MilterSteps)0x7F), Token));
        Assert.Equal(["c", "c", "t"], await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.Recipient(), MilterPackets.EndOfMessage()]));
        Assert.Contains(milter.Log, entry => entry.Id == 2002);
    }

    [Fact]
    public async Task Steps_without_reply_get_none_and_their_verdict_comes_later()
    {
        _script.Wanted = new MilterNegotiation { Steps = MilterSteps.NoReplyToConnect | MilterSteps.NoReplyToHelo | MilterSteps.NoReplyToMailFrom | MilterSteps.NoReplyToHeaders | MilterSteps.NoReplyToEndOfHeaders | MilterSteps.NoReplyToData };
        ReplyTo("header Bad", MilterReply.Custom(554, "5.6.0", "no"));
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        byte[][] silent = [MilterPackets.Connect(), MilterPackets.Helo(), MilterPackets.MailFrom()];
        await peer.SendAsync(silent.SelectMany(p => p).ToArray(), Token);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.Recipient(), Token));
        await peer.SendAsync((byte[])[.. MilterPackets.Data(), .. MilterPackets.Header("Bad", "1"), .. MilterPackets.Header("Good", "2"), .. MilterPackets.EndOfHeaders()], Token);
        Assert.Equal("y554 5.6.0 no|", await peer.AskAsync(MilterPackets.EndOfMessage(), Token));

        // The next message is judged for itself.
        await peer.SendAsync(MilterPackets.MailFrom(), Token);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.EndOfMessage(), Token));
    }

    [Fact]
    public async Task Skip_is_sent_where_understood_and_obeyed_where_not()
    {
        _script.Wanted = new MilterNegotiation { Steps = MilterSteps.Skip };
        ReplyTo("body", MilterReply.Skip);
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        Assert.Equal(["c", "s", "s", "c"], await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.Body("1"), MilterPackets.Body("2"), MilterPackets.EndOfMessage("3")]));
        await using var old = await milter.ConnectAsync(Token);
        Assert.StartsWith("O", await old.AskAsync(MilterPackets.Negotiate(2, (MilterActions)0x3F, (MilterSteps)0x7F), Token));
        Assert.Equal(["c", "c", "c", "c"], await AskAllAsync(old, [MilterPackets.MailFrom(), MilterPackets.Body("4"), MilterPackets.Body("5"), MilterPackets.EndOfMessage()]));
        Assert.Equal(["mail <a@example.com>", "body 1", "eom", "mail <a@example.com>", "body 4", "eom"], _script.Calls);
    }

    [Fact]
    public async Task Steps_left_out_that_an_old_MTA_sends_anyway_are_answered_unseen()
    {
        _script.Wanted = new MilterNegotiation { Steps = MilterSteps.NoUnknown | MilterSteps.NoData | MilterSteps.NoBody };
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.ConnectAsync(Token);
        Assert.StartsWith("O", await peer.AskAsync(MilterPackets.Negotiate(4, (MilterActions)0x3F, (MilterSteps)0x0F), Token));
        Assert.Equal(["c", "c", "c", "c"], await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.Data(), MilterPackets.Body("x"), MilterPackets.EndOfMessage("y")]));
        Assert.Equal(["mail <a@example.com>", "eom"], _script.Calls);
    }

    [Fact]
    public async Task The_last_piece_of_body_may_come_with_the_end_of_message()
    {
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.EndOfMessage("tail")]);
        Assert.Equal(["mail <a@example.com>", "body tail", "eom"], _script.Calls);
    }

    [Fact]
    public async Task A_connection_can_be_used_again_after_QUIT_NC()
    {
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        await AskAllAsync(peer, [MilterPackets.Connect("one"), MilterPackets.MailFrom()]);
        await peer.SendAsync(MilterPackets.Packet('K'), Token);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.Connect("two"), Token));
        await peer.SendAsync(MilterPackets.Packet('K'), Token);
        Assert.StartsWith("O", await peer.NegotiateAsync(Token));
        Assert.Equal("c", await peer.AskAsync(MilterPackets.Connect("three"), Token));
        Assert.Equal(3, _script.Opened);
        Assert.Equal(2, _script.Disposed);
        Assert.Contains("abort", _script.Calls);
    }

    [Theory]
    [InlineData(FailurePolicy.TempFail, "t")]
    [InlineData(FailurePolicy.Accept, "a")]
    public async Task A_session_that_throws_is_answered_by_policy(FailurePolicy policy, string expected)
    {
        _script.Wanted = new MilterNegotiation { Actions = MilterActions.All };
        _script.Modify = m => m.AddHeader("X-Half", "done");
        _script.Reply = (call, _, _) => call == "eom" ? throw new InvalidOperationException("broken") : new(MilterReply.Continue);
        await using var milter = await RunningMilter.StartAsync(_script, RunningMilter.Settings(onFailure: policy), Token);
        await using var peer = await milter.MeetAsync(Token);
        Assert.Equal(["c", expected], await AskAllAsync(peer, [MilterPackets.MailFrom(), MilterPackets.EndOfMessage()]));
        Assert.Contains(milter.Log, entry => entry.Id == 2002 && entry.Text.Contains("broken", StringComparison.Ordinal));
        Assert.Equal(["mail <a@example.com>", "eom", "abort"], _script.Calls);

        // And the connection lives on.
        _script.Reply = (_, _, _) => new(MilterReply.Continue);
        Assert.Equal("c", await peer.AskAsync(MilterPackets.MailFrom(), Token));
    }

    [Fact]
    public async Task A_session_that_cannot_be_opened_is_answered_by_policy()
    {
        await using var milter = await RunningMilter.StartAsync(new Unopenable(), cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        Assert.Equal(["t", "t", "t", "t"], await AskAllAsync(peer, [MilterPackets.Connect(), MilterPackets.MailFrom(), MilterPackets.Recipient(), MilterPackets.EndOfMessage()]));
        Assert.Contains(milter.Log, entry => entry.Id == 2001);
    }

    [Fact]
    public async Task A_step_of_a_message_that_is_over_never_passes_unchecked()
    {
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        Assert.Equal(["t", "t", "t"], await AskAllAsync(peer, [MilterPackets.Recipient(), MilterPackets.Data(), MilterPackets.EndOfMessage()]));
        Assert.Empty(_script.Calls);
    }

    [Theory]
    [InlineData("00000000", "sent a packet without a command")]
    [InlineData("ffffffff", "announced a packet of more than 65535 bytes")]
    [InlineData("0000000163", "sent the undefined command 0x63")]
    [InlineData("0000000152", "sent a malformed recipient packet")]
    [InlineData("0000000144", "sent a malformed macro packet")]
    [InlineData("000000034d6d00", null)]
    [InlineData("0000000d4f000000060000000000000000", "negotiated twice")]
    public async Task Garbage_closes_the_connection_with_a_diagnostic(string hex, string? problem)
    {
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.MeetAsync(Token);
        var answer = await peer.AskAsync(Convert.FromHexString(hex), Token);
        Assert.Equal(problem is null ? "c" : "closed", answer);
        await Eventually.Become(() => problem is null || milter.Log.Any(entry => entry.Id == 2004 && entry.Text.Contains(problem, StringComparison.Ordinal)), Token);
    }

    [Theory]
    [InlineData("000000014d", "sent a command before negotiating")]
    [InlineData("000000054f00000006", "sent a malformed offer")]
    [InlineData("0000000d4f000000010000000000000000", "speaks version 1; 2 is the oldest understood")]
    public async Task A_bad_start_closes_the_connection_with_a_diagnostic(string hex, string problem)
    {
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var peer = await milter.ConnectAsync(Token);
        Assert.Equal("closed", await peer.AskAsync(Convert.FromHexString(hex), Token));
        await Eventually.Become(() => milter.Log.Any(entry => entry.Id == 2004 && entry.Text.Contains(problem, StringComparison.Ordinal)), Token);
    }

    private sealed class Unopenable : IMilterHandler
    {
        public IMilterSession Open(MilterConnection connection) => throw new InvalidOperationException("not now");
    }
}
