using System.Runtime.Versioning;
using Vigie.Tests.Acceptance;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>The milter behind the real Postfix: what a client, the queue and the next hop see.</summary>
[Collection("acceptance")]
[UnsupportedOSPlatform("windows")]
public sealed class PostfixMilterTests
{
    private const string Message = "From: a@example.com\nTo: b@example.org\nSubject: hello\n\nbody\n";

    private readonly ScriptedHandler _script = new() { Wanted = new MilterNegotiation { Actions = MilterActions.All } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private void ReplyTo(string prefix, MilterReply reply)
    {
        var before = _script.Reply;
        _script.Reply = (call, macros, token) => call.StartsWith(prefix, StringComparison.Ordinal) ? new(reply) : before(call, macros, token);
    }

    private static Task<PostfixInstance> StartAsync(RunningMilter milter, string main = "") =>
        PostfixInstance.StartAsync(new PostfixOptions { SmtpdMilters = $"inet:{milter.EndPoint}", NonSmtpdMilters = $"inet:{milter.EndPoint}", Main = main }, Token);

    [Fact]
    public async Task Mail_passes_with_every_step_seen_and_a_header_added()
    {
        PostfixInstance.SkipUnlessInstalled();
        var macros = new List<string>();
        _script.Reply = (call, m, _) =>
        {
            if (call.StartsWith("rcpt", StringComparison.Ordinal)) macros.Add($"{m["daemon_name"]} {m["auth_authen"]} {m["rcpt_addr"]} {m["i"]}");
            if (call == "eom") macros.Add($"eom {m["i"]}");
            return new(MilterReply.Continue);
        };
        _script.Modify = m => m.AddHeader("X-Vigie", "one\r\n\ttwo");
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        var submission = await postfix.SubmitAsync("a@example.com", ["b@example.org"], Message, Token, user: "alice");
        Assert.True(submission.Taken, submission.ToString());
        await postfix.Sink.WaitForAsync(1, Token);
        var sunk = postfix.Sink.Messages.Single();
        Assert.Equal(("a@example.com", "b@example.org"), (sunk.Sender, sunk.Recipients.Single()));
        Assert.Equal("one two", sunk.Header("X-Vigie"));
        // Postfix gives a message its queue id with the first recipient it takes: not known before, always known at the end.
        Assert.Equal(["submission alice b@example.org ", $"eom {submission.QueueId}"], macros);
        Assert.Equal("connect [127.0.0.1] IPv4 127.0.0.1", string.Join(' ', _script.Calls.First().Split(' ')[..4]));
        Assert.Equal(
            ["mail <a@example.com>", "rcpt <b@example.org>", "data"],
            _script.Calls.Where(call => call.Split(' ')[0] is "mail" or "rcpt" or "data"));
    }

    [Fact]
    public async Task A_refusal_at_RCPT_reaches_the_client_word_for_word()
    {
        PostfixInstance.SkipUnlessInstalled();
        ReplyTo("rcpt <one@", MilterReply.Custom(550, "5.7.1", "Did you mean <one@army.mil>? 100% sure; ask %s"));
        ReplyTo("rcpt <two@", MilterReply.Custom(550, "5.7.1", "First line", "Deuxieme ligne", "third"));
        ReplyTo("rcpt <shut@", MilterReply.Shutdown);
        ReplyTo("rcpt <utf@", MilterReply.Custom(550, "5.7.1", "Vouliez-vous écrire à é@army.mil ?"));
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        var submission = await postfix.SubmitAsync("a@example.com", ["one@army.ml", "two@army.ml", "utf@army.ml", "good@army.mil"], Message, Token);
        Assert.Equal("550 5.7.1 Did you mean <one@army.mil>? 100% sure; ask %s", submission.Recipients["one@army.ml"].ToString());
        Assert.Equal("550 5.7.1 First line | 5.7.1 Deuxieme ligne | 5.7.1 third", submission.Recipients["two@army.ml"].ToString());
        Assert.Equal("550 5.7.1 Vouliez-vous écrire à é@army.mil ?", submission.Recipients["utf@army.ml"].ToString());
        Assert.True(submission.Recipients["good@army.mil"].Good);
        Assert.True(submission.Taken);
        await postfix.Sink.WaitForAsync(1, Token);
        Assert.Equal(["good@army.mil"], postfix.Sink.Messages.Single().Recipients);

        await using var smtp = await SmtpConversation.OpenAsync(postfix.SubmissionPort, null, Token);
        await smtp.SayAsync("MAIL FROM:<a@example.com>", Token);
        Assert.Equal(421, (await smtp.SayAsync("RCPT TO:<shut@army.ml>", Token)).Code);
    }

    [Fact]
    public async Task Quarantine_puts_the_mail_on_hold_until_it_is_released()
    {
        PostfixInstance.SkipUnlessInstalled();
        _script.Modify = m => m.Quarantine("looks like army.mil");
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        var submission = await postfix.SubmitAsync("a@example.com", ["b@army.ml"], Message, Token);
        Assert.True(submission.Taken);
        var held = Assert.Single(await postfix.HeldAsync(Token));
        Assert.Equal((submission.QueueId, "a@example.com"), (held.Id, held.Sender));
        Assert.Empty(postfix.Sink.Messages);
        await postfix.ReleaseAsync(held.Id, Token);
        await postfix.Sink.WaitForAsync(1, Token);
        await postfix.SettleAsync(Token);
        Assert.Empty(await postfix.QueueAsync(Token));
    }

    [Fact]
    public async Task Every_change_to_a_message_is_carried_out()
    {
        PostfixInstance.SkipUnlessInstalled();
        _script.Modify = m =>
        {
            m.InsertHeader(0, "X-First", "1");
            m.ChangeHeader("Subject", 1, "changed");
            m.ChangeHeader("X-Gone", 1, "");
            m.AddRecipient("<c@example.org>");
            m.AddRecipient("<d@example.org>", "NOTIFY=NEVER");
            m.DeleteRecipient("<b@example.org>");
            m.ChangeFrom("<z@example.com>");
            m.ReplaceBody("new "u8);
            m.ReplaceBody("body\r\n"u8);
        };
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        Assert.True((await postfix.SubmitAsync("a@example.com", ["b@example.org"], "X-Gone: 1\n" + Message, Token)).Taken);
        await postfix.SettleAsync(Token);
        await postfix.Sink.WaitForAsync(1, Token);
        var sunk = postfix.Sink.Messages.ToArray();
        Assert.All(sunk, message => Assert.Equal("z@example.com", message.Sender));
        Assert.Equal(["c@example.org", "d@example.org"], sunk.SelectMany(message => message.Recipients).Order());
        Assert.Equal(("1", "changed", null), (sunk[0].Header("X-First"), sunk[0].Header("Subject"), sunk[0].Header("X-Gone")));
        Assert.EndsWith("\r\n\r\nnew body\r\n", sunk[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verdicts_on_the_message_reach_the_client()
    {
        PostfixInstance.SkipUnlessInstalled();
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        async Task<string> EndAsync(MilterReply reply)
        {
            _script.Reply = (call, _, _) => new(call == "eom" ? reply : MilterReply.Continue);
            return (await postfix.SubmitAsync("a@example.com", ["b@example.org"], Message, Token)).End!.ToString();
        }

        Assert.Equal("550 5.7.1 Command rejected", await EndAsync(MilterReply.Reject));
        Assert.Equal("451 4.7.1 Service unavailable - try again later", await EndAsync(MilterReply.TempFail));
        Assert.Equal("554 5.6.0 one | 5.6.0 two", await EndAsync(MilterReply.Custom(554, "5.6.0", "one", "two")));
        Assert.StartsWith("250 2.0.0 Ok: queued", await EndAsync(MilterReply.Discard), StringComparison.Ordinal);
        await postfix.SettleAsync(Token);
        Assert.Empty(postfix.Sink.Messages);
        Assert.StartsWith("250 2.0.0 Ok: queued", await EndAsync(MilterReply.Accept), StringComparison.Ordinal);
        await postfix.Sink.WaitForAsync(1, Token);
    }

    [Fact]
    public async Task A_big_message_arrives_whole_at_the_session()
    {
        PostfixInstance.SkipUnlessInstalled();
        var body = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        var header = "X-Long: " + new string('x', 90_000);
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        Assert.True((await postfix.SubmitAsync("a@example.com", ["b@example.org"], Message.Split("\n\n")[0] + "\n" + string.Join("\n ", header.Chunk(900).Select(c => new string(c))) + "\n\n" + body, Token)).Taken);
        var seen = string.Concat(_script.Calls.Where(call => call.StartsWith("body ", StringComparison.Ordinal)).Select(call => call[5..]));
        Assert.Equal(body.ReplaceLineEndings("\r\n"), seen.TrimEnd('\r', '\n') + "\r\n");
        // Postfix cuts what a milter sees of a field, so that it fits into libmilter's packets.
        Assert.InRange(_script.Calls.Single(call => call.StartsWith("header X-Long", StringComparison.Ordinal)).Length, 59_000, 60_100);
    }

    [Fact]
    public async Task Mail_from_local_programs_is_seen_too_and_can_be_held()
    {
        PostfixInstance.SkipUnlessInstalled();
        _script.Modify = m => m.Quarantine("held");
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        await postfix.SendmailAsync("cron@example.com", ["b@army.ml"], Message, Token);
        await Eventually.Become(() => _script.Calls.Contains("eom"), Token);
        IReadOnlyList<QueueEntry> held;
        do held = await postfix.HeldAsync(Token); while (held.Count == 0);
        Assert.Equal("cron@example.com", held.Single().Sender);
        // Postfix sends these addresses without their brackets.
        Assert.Contains(_script.Calls, call => call == "rcpt b@army.ml");
        Assert.Contains("connect localhost IPv4 127.0.0.1 0", _script.Calls);
    }

    [Fact]
    public async Task A_refused_recipient_of_a_local_program_leaves_the_mail_in_the_queue()
    {
        PostfixInstance.SkipUnlessInstalled();
        ReplyTo("rcpt", MilterReply.Custom(550, "5.7.1", "no"));
        await using var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        await postfix.SendmailAsync("cron@example.com", ["b@army.ml"], Message, Token);
        await Eventually.Become(() => postfix.Log().Contains("can't reject recipient in non-smtpd(8) submission", StringComparison.Ordinal), Token);
        Assert.Empty(postfix.Sink.Messages);
        Assert.NotEmpty(await postfix.QueueAsync(Token));
    }

    [Fact]
    public async Task A_stopped_milter_makes_Postfix_defer()
    {
        PostfixInstance.SkipUnlessInstalled();
        var milter = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        await using var postfix = await StartAsync(milter);
        await using var smtp = await SmtpConversation.OpenAsync(postfix.SubmissionPort, null, Token);
        Assert.True((await smtp.SendAsync("a@example.com", ["b@example.org"], Message, Token)).Taken);
        await milter.DisposeAsync();
        Assert.Equal(451, (await smtp.SendAsync("a@example.com", ["b@example.org"], Message, Token)).Mail.Code);
        Assert.Equal(451, (await postfix.SubmitAsync("a@example.com", ["b@example.org"], Message, Token)).Mail.Code);
    }

    [Fact]
    public async Task Many_messages_at_once_over_a_unix_socket_are_all_delivered()
    {
        PostfixInstance.SkipUnlessInstalled();
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        var settings = new MilterSettings { Tcp = null, UnixPath = folder.Combine("m.sock"), UnixMode = MilterSettings.DefaultUnixMode, UnixGroup = "postfix" };
        await using var milter = await RunningMilter.StartAsync(_script, settings, Token);
        await using var postfix = await PostfixInstance.StartAsync(new PostfixOptions { SmtpdMilters = $"unix:{settings.UnixPath}" }, Token);
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = Token }, async (i, token) =>
            Assert.True((await postfix.SubmitAsync("a@example.com", [$"u{i}@example.org"], Message, token)).Taken));
        await postfix.Sink.WaitForAsync(100, Token);
        Assert.Equal(100, postfix.Sink.Messages.SelectMany(message => message.Recipients).Distinct().Count());
        Assert.Equal(100, _script.Calls.Count(call => call == "eom"));
    }
}
