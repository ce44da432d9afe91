using System.Runtime.Versioning;
using Vigie.Store;
using Vigie.Watches.Mail;

namespace Vigie.Tests.Acceptance;

/// <summary>The mail watch as an organisation runs it: a real Postfix, the real node, and the next hop.</summary>
[Collection("acceptance")]
[UnsupportedOSPlatform("windows")]
public sealed class MailWatchTests
{
    private const string Message = "From: bob@contractor.example\nTo: jane\nSubject: =?utf-8?Q?Itin=C3=A9raire?=\n\nSee you there.\n";
    private const string Bob = "bob@contractor.example";
    private const string Slip = "jane@army.ml";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slip_is_refused_at_RCPT_with_the_address_that_was_meant_in_two_languages()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce", Token);
        var submission = await mail.Postfix.SubmitAsync(Bob, [Slip, "ann@example.org"], Message, Token, user: "bob");

        var refusal = submission.Recipients[Slip];
        Assert.Equal(550, refusal.Code);
        var text = string.Join('\n', refusal.Lines);
        Assert.StartsWith("5.7.1 Did you mean jane@army.mil ?", refusal.Lines[0], StringComparison.Ordinal);
        Assert.Contains("Vouliez-vous ecrire a jane@army.mil ?", text, StringComparison.Ordinal);
        Assert.Contains("helpdesk@contractor.example", text, StringComparison.Ordinal);
        Assert.All(refusal.Lines, line => Assert.InRange(line.Length + "550-\r\n".Length, 1, 512));
        Assert.All(refusal.Lines, line => Assert.True(System.Text.Ascii.IsValid(line), line));

        Assert.True(submission.Taken);
        await mail.Postfix.Sink.WaitForAsync(1, Token);
        Assert.Equal("ann@example.org", Assert.Single(Assert.Single(mail.Postfix.Sink.Messages).Recipients));

        var decision = Assert.Single((await mail.Get<Decisions>().SearchAsync(new DecisionQuery(), Token)).Items);
        Assert.Equal((Verdict.Refuse, Verdict.Refuse, Mode.Enforce), (decision.Verdict, decision.Applied, decision.Mode));
        Assert.Equal((Bob, "bob", "submission", Slip), (decision.Sender, decision.User, decision.Daemon, decision.Recipient));
        Assert.Equal(("army.mil", "jane@army.mil", DecisionReasons.Lookalike), (decision.Imitates, decision.Suggestion, decision.Reason));
        Assert.Contains(decision.Id[..8], text, StringComparison.Ordinal);

        var finding = Assert.Single((await mail.Get<Findings>().SearchAsync(new FindingQuery(), Token)).Items);
        Assert.Equal((decision.FindingId, "mail.lookalike-recipient"), (finding.Id.Value, finding.Detector));
        Assert.Null(finding.Confidence);
    }

    [Fact]
    public async Task Observing_delivers_everything_and_says_what_would_have_happened()
    {
        await using var mail = await MailInstance.StartAsync("mode: observe", Token);
        var submission = await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token);
        Assert.True(submission.Taken);
        await mail.Postfix.Sink.WaitForAsync(1, Token);
        Assert.Null(mail.Postfix.Sink.Messages.Single().Header("X-Vigie"));

        var decision = Assert.Single((await mail.Get<Decisions>().SearchAsync(new DecisionQuery(), Token)).Items);
        Assert.Equal((Verdict.Refuse, Verdict.Deliver, Mode.Observe), (decision.Verdict, decision.Applied, decision.Mode));
        Assert.Equal(submission.QueueId, decision.QueueId);
    }

    [Fact]
    public async Task A_slip_that_was_delivered_does_not_become_respectable_but_a_plain_correspondent_is_learned()
    {
        await using var mail = await MailInstance.StartAsync("mode: observe", Token);
        for (var i = 0; i < 3; i++) Assert.True((await mail.Postfix.SubmitAsync(Bob, [Slip, "ann@example.org"], Message, Token)).Taken);
        // The imitator answers, as phishers do: that makes nobody a correspondent.
        Assert.True((await mail.Postfix.SubmitAsync(Slip, [Bob], Message, Token, port: mail.Postfix.SmtpPort)).Taken);
        await mail.Get<LearnedMail>().FlushAsync(Token);

        var relationships = mail.Get<Relationships>();
        var slip = (await relationships.OfDomainAsync("army.ml", 10, Token))[0];
        Assert.Equal((0, 3, 1, 0), (slip.Sent, slip.SentFlagged, slip.Received, slip.Replies));
        var plain = (await relationships.OfDomainAsync("example.org", 10, Token))[0];
        Assert.Equal((3, 0), (plain.Sent, plain.SentFlagged));

        await mail.Get<MailMode>().SetAsync(Mode.Enforce, "test", "now for real", null, Token);
        Assert.Equal(550, (await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Recipients[Slip].Code);
    }

    [Fact]
    public async Task Sending_again_after_a_pause_insists_and_at_once_does_not()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce\n  insistMinDelay: 2s", Token);
        Assert.Equal(550, (await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Recipients[Slip].Code);
        Assert.Equal(550, (await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Recipients[Slip].Code);
        await Task.Delay(TimeSpan.FromSeconds(2.2), Token);
        Assert.Equal(550, (await mail.Postfix.SubmitAsync("eve@contractor.example", [Slip], Message, Token)).Recipients[Slip].Code);
        Assert.True((await mail.Postfix.SubmitAsync(Bob, ["Jane@ARMY.ml"], Message, Token)).Taken);
        await mail.Postfix.Sink.WaitForAsync(1, Token);

        var decisions = (await mail.Get<Decisions>().SearchAsync(new DecisionQuery { Text = "bob" }, Token)).Items;
        Assert.Equal([DecisionReasons.InsistedByResending, DecisionReasons.Lookalike], decisions.Select(d => d.Reason));
    }

    [Fact]
    public async Task The_one_time_link_insists_once_and_only_for_its_sender()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce\n  insist: link\n  insistUrl: https://vigie.contractor.example/insist/", Token);
        var refusal = (await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Recipients[Slip];
        var token = TokenIn(string.Join(' ', refusal.Lines));

        var insistence = mail.Get<Insistence>();
        var asked = await insistence.PeekAsync(token, Token);
        Assert.Equal((Bob, Slip, "jane@army.mil", false), (asked!.Sender, asked.Recipient, asked.Suggestion!, asked.Used));
        Assert.Equal(InsistenceOutcome.Unknown, await insistence.RedeemAsync(Altered(token), Token));
        Assert.Equal(550, (await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Recipients[Slip].Code);
        Assert.Equal(InsistenceOutcome.Confirmed, await insistence.RedeemAsync(token, Token));
        Assert.Equal(InsistenceOutcome.AlreadyUsed, await insistence.RedeemAsync(token, Token));

        Assert.True((await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Taken);
        Assert.False((await mail.Postfix.SubmitAsync("eve@contractor.example", [Slip], Message, Token)).Taken);
    }

    [Fact]
    public async Task A_held_message_waits_in_the_hold_queue_and_goes_out_unjudged_when_released()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce\n  onRefuse: hold", Token);
        var submission = await mail.Postfix.SubmitAsync(Bob, [Slip, "ann@example.org"], Message, Token, user: "bob");
        Assert.True(submission.Taken);
        Assert.Equal(submission.QueueId, Assert.Single(await mail.Postfix.HeldAsync(Token)).Id);

        var held = mail.Get<HeldMail>();
        var record = Assert.Single((await held.ListAsync(HeldQuery.Waiting, Token)).Items);
        Assert.Equal((submission.QueueId!, Bob, "Itinéraire"), (record.QueueId, record.Sender, record.Subject!));
        Assert.Equal([Slip, "ann@example.org"], record.Recipients);
        Assert.Contains("1 more recipient", record.Why.English, StringComparison.Ordinal);

        var result = await held.ReleaseAsync(submission.QueueId!, "ana", "the address is right", Token);
        Assert.Equal((HeldOutcome.Done, HeldState.Released, "ana"), (result.Outcome, result.Message!.State, result.Message.ActedBy));
        // Both recipients and the notice that told Bob of the hold.
        await mail.Postfix.Sink.WaitForAsync(2, Token);
        Assert.Empty(await mail.Postfix.HeldAsync(Token));
        Assert.Single((await mail.Get<Decisions>().SearchAsync(new DecisionQuery(), Token)).Items);
        Assert.Equal(HeldOutcome.TooLate, (await held.DeleteAsync(submission.QueueId!, "ana", "too late", Token)).Outcome);
        Assert.Equal(HeldOutcome.NotFound, (await held.DeleteAsync("ABCDEF012", "ana", "no such message", Token)).Outcome);
    }

    [Fact]
    public async Task The_sender_of_a_held_message_is_told_and_can_release_it_through_the_link()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce\n  onRefuse: hold\n  insistUrl: https://vigie.contractor.example/insist/", Token);
        var submission = await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token, user: "bob");
        await mail.Postfix.Sink.WaitForAsync(1, Token);
        var notice = mail.Postfix.Sink.Messages.Single();
        Assert.Equal(("", Bob, "auto-replied"), (notice.Sender, notice.Recipients.Single(), notice.Header("Auto-Submitted")!));
        var text = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(notice.Text.Split("\r\n\r\n")[1].Replace("\r\n", "", StringComparison.Ordinal)));
        Assert.Contains("did you mean jane@army.mil ?", text, StringComparison.Ordinal);
        Assert.Contains("vouliez-vous écrire à jane@army.mil ?", text, StringComparison.Ordinal);

        Assert.Equal(InsistenceOutcome.Confirmed, await mail.Get<Insistence>().RedeemAsync(TokenIn(text), Token));
        await mail.Postfix.Sink.WaitForAsync(2, Token);
        Assert.Equal(Slip, mail.Postfix.Sink.Messages.Last().Recipients.Single());
        Assert.Equal(HeldState.Released, (await mail.Get<HeldMail>().FindAsync(submission.QueueId!, Token))!.State);
    }

    [Fact]
    public async Task A_returned_message_bounces_with_a_notice_and_a_deleted_one_disappears()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce\n  onRefuse: hold", Token);
        var returned = await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token, user: "bob");
        var deleted = await mail.Postfix.SubmitAsync(Bob, ["joe@army.ml"], Message, Token, user: "bob");
        await mail.Postfix.Sink.WaitForAsync(2, Token);

        var held = mail.Get<HeldMail>();
        Assert.Equal(HeldState.Returned, (await held.ReturnAsync(returned.QueueId!, "ana", "wrong address", Token)).Message!.State);
        Assert.Equal(HeldState.Deleted, (await held.DeleteAsync(deleted.QueueId!, "ana", "test mail", Token)).Message!.State);

        // Two notices of the holds, the notice of the return, and Postfix's bounce with the message itself.
        await mail.Postfix.Sink.WaitForAsync(4, Token);
        Assert.All(mail.Postfix.Sink.Messages, message => Assert.Equal(Bob, message.Recipients.Single()));
        Assert.Empty(await mail.Postfix.HeldAsync(Token));
    }

    [Fact]
    public async Task Mail_of_local_programs_is_judged_at_its_end_and_held()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce", Token);
        await mail.Postfix.SendmailAsync(Bob, [Slip], Message, Token);
        await MailInstance.UntilAsync(async () => (await mail.Postfix.HeldAsync(Token)).Count == 1, Token);
        var decision = Assert.Single((await mail.Get<Decisions>().SearchAsync(new DecisionQuery(), Token)).Items);
        Assert.Equal((Verdict.Hold, Verdict.Hold), (decision.Verdict, decision.Applied));
    }

    [Fact]
    public async Task A_bypass_lets_everything_through_marked_and_ends_by_itself()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce", Token);
        var mode = mail.Get<MailMode>();
        await mode.SetAsync(Mode.Bypass, "ana", "emergency", TimeSpan.FromSeconds(3), Token);
        Assert.True((await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Taken);
        await mail.Postfix.Sink.WaitForAsync(1, Token);
        Assert.Equal("not-checked", mail.Postfix.Sink.Messages.Single().Header("X-Vigie"));

        await MailInstance.UntilAsync(() => Task.FromResult(mode.Current == Mode.Enforce), Token);
        Assert.False((await mail.Postfix.SubmitAsync(Bob, [Slip], Message, Token)).Taken);
    }

    [Fact]
    public async Task Incoming_mail_and_bounces_are_never_stopped_and_forged_marks_are_removed()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce", Token);
        const string forged = "X-Vigie: checked by the best\nx-vigie: again\n" + Message;
        Assert.True((await mail.Postfix.SubmitAsync(Slip, [Bob, "postmaster@mail.contractor.example"], forged, Token, port: mail.Postfix.SmtpPort)).Taken);
        Assert.True((await mail.Postfix.SubmitAsync("", [Slip], Message, Token)).Taken);
        await mail.Postfix.Sink.WaitForAsync(2, Token);
        Assert.All(mail.Postfix.Sink.Messages, message => Assert.Null(message.Header("X-Vigie")));
        Assert.Empty((await mail.Get<Decisions>().SearchAsync(new DecisionQuery(), Token)).Items);
    }

    [Fact]
    public async Task A_message_in_doubt_about_very_many_recipients_is_told_to_come_in_parts()
    {
        await using var mail = await MailInstance.StartAsync("mode: enforce\n  onRefuse: hold", Token);
        var recipients = Enumerable.Range(0, MessageUnderWay.MaxDoubtful + 3).Select(n => $"j{n}@army.ml").ToList();
        var submission = await mail.Postfix.SubmitAsync(Bob, recipients, Message, Token);
        Assert.True(submission.Taken);
        Assert.Equal(3, submission.Recipients.Values.Count(reply => reply.Code == 452));
        Assert.Equal(MessageUnderWay.MaxDoubtful, Assert.Single(await mail.Postfix.HeldAsync(Token)).Recipients.Count);
    }

    [Fact]
    public async Task Without_the_node_mail_waits_and_is_judged_when_it_is_back()
    {
        var port = FreePorts.Next();
        await using var postfix = await PostfixInstance.StartAsync(new PostfixOptions { SmtpdMilters = $"inet:127.0.0.1:{port}" }, Token);
        var submission = await postfix.SubmitAsync(Bob, [Slip], Message, Token);
        Assert.Equal(451, submission.Mail.Code);

        await using var node = await RunningNode.StartAsync(MailInstance.Yaml("mode: enforce", port), cancellationToken: Token);
        Assert.Equal(550, (await postfix.SubmitAsync(Bob, [Slip], Message, Token)).Recipients[Slip].Code);
    }

    private static string TokenIn(string text)
    {
        const string before = "https://vigie.contractor.example/insist/";
        return text.Substring(text.IndexOf(before, StringComparison.Ordinal) + before.Length, InsistenceTokens.Length);
    }

    private static string Altered(string token) => (token[0] == 'A' ? "B" : "A") + token[1..];
}

/// <summary>A Postfix and the node behind it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class MailInstance : IAsyncDisposable
{
    private MailInstance(PostfixInstance postfix, RunningNode node) => (Postfix, Node) = (postfix, node);

    public PostfixInstance Postfix { get; }

    public RunningNode Node { get; }

    /// <param name="mail">Lines of the settings' mail section.</param>
    /// <param name="token">Ends the start.</param>
    public static async Task<MailInstance> StartAsync(string mail, CancellationToken token)
    {
        PostfixInstance.SkipUnlessInstalled();
        var port = FreePorts.Next();
        var postfix = await PostfixInstance.StartAsync(
            new PostfixOptions { SmtpdMilters = $"inet:127.0.0.1:{port}", NonSmtpdMilters = $"inet:127.0.0.1:{port}" }, token);
        try
        {
            var settings = $"{mail}\n  queueHelper: direct:{postfix.ConfigDirectory}\n  reconcileEvery: 1s\n  notices:\n    smtp: 127.0.0.1:{postfix.SmtpPort}\n    from: postmaster@contractor.example";
            return new MailInstance(postfix, await RunningNode.StartAsync(Yaml(settings, port), cancellationToken: token));
        }
        catch
        {
            await postfix.DisposeAsync();
            throw;
        }
    }

    public static string Yaml(string mail, int milterPort) =>
        $"protection:\n  ownDomains: [contractor.example]\nmail:\n  {mail}\n  contact: helpdesk@contractor.example\n  milter:\n    tcp: 127.0.0.1:{milterPort}\n    unix: off\n";

    public static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken token)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(token);
        bounded.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition()) await Task.Delay(50, bounded.Token);
    }

    public T Get<T>() where T : notnull => Node.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Postfix.DisposeAsync();
    }
}
