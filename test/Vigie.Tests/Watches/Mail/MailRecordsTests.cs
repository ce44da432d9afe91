using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Store;
using Vigie.Tests.Store;
using Vigie.Watches.Mail;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Tests.Watches.Mail;

public sealed class SqliteMailRecordsTests : MailRecordsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlMailRecordsTests(PostgreSqlServer server) : MailRecordsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

/// <summary>The mail watch's records, the same on both engines.</summary>
public abstract class MailRecordsTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
    private static readonly MailSettings Settings = new() { InsistUrl = "https://vigie.example.org/insist/" };

    private readonly MailTestTime _time = new(Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task A_switch_of_the_mode_is_journalled_survives_and_reaches_other_processes()
    {
        await using var test = await OpenAsync();
        var journal = new Journal(test.Store, _time);
        var mode = new MailMode(test.Store, journal, _time, Settings);
        var elsewhere = new MailMode(test.Store, journal, _time, Settings);
        Assert.Equal((Mode.Observe, false), (mode.Current, mode.IsKnown));

        await mode.SetAsync(Mode.Enforce, "ana", "two weeks observed", null, Token);
        Assert.Equal(Mode.Enforce, mode.Current);
        await elsewhere.RefreshAsync(Token);
        Assert.Equal((Mode.Enforce, "ana", "two weeks observed"), (elsewhere.Current, elsewhere.State.ChangedBy, elsewhere.State.Reason));

        await mode.SetAsync(Mode.Bypass, "ana", "emergency", TimeSpan.FromMinutes(10), Token);
        await mode.SetAsync(Mode.Bypass, "ana", "longer", TimeSpan.FromMinutes(20), Token);
        Assert.Equal((Mode.Bypass, Start + TimeSpan.FromMinutes(20)), (mode.Current, mode.State.BypassUntil));
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(Mode.Enforce, mode.Current);
        Assert.Equal(3, (await journal.SearchAsync(new JournalQuery { Action = "mail.mode" }, Token)).Entries.Count);
        await Assert.ThrowsAsync<ArgumentException>(() => mode.SetAsync(Mode.Observe, "ana", " ", null, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => mode.SetAsync(Mode.Bypass, "ana", "for ever", TimeSpan.FromDays(8), Token));
    }

    [Fact]
    public async Task Decisions_are_found_by_every_filter_and_page_by_page()
    {
        await using var test = await OpenAsync();
        var decisions = new Decisions(test.Store);
        for (var i = 0; i < 25; i++)
        {
            var decision = Decision(i, i % 5 == 0 ? Verdict.Refuse : Verdict.Mark);
            await test.Store.WriteAsync(Lane.Mail, transaction => Decisions.Save(transaction, decision), Token);
            await test.Store.WriteAsync(Lane.Mail, transaction => Decisions.Save(transaction, decision with { Sender = "again" }), Token);
        }

        var first = await decisions.SearchAsync(new DecisionQuery { Limit = 10 }, Token);
        var second = await decisions.SearchAsync(new DecisionQuery { Limit = 10, After = first.Next }, Token);
        var third = await decisions.SearchAsync(new DecisionQuery { Limit = 10, After = second.Next }, Token);
        Assert.Equal(25, first.Items.Concat(second.Items).Concat(third.Items).Select(d => d.Id).Distinct().Count());
        Assert.Null(third.Next);
        Assert.Equal(first.Items.OrderByDescending(d => d.Time), first.Items);
        Assert.Equal(Decision(24, Verdict.Mark), first.Items[0]);

        async Task<int> CountAsync(DecisionQuery query) => (await decisions.SearchAsync(query with { Limit = 100 }, Token)).Items.Count;
        Assert.Equal(5, await CountAsync(new DecisionQuery { Verdicts = [Verdict.Refuse, Verdict.Hold] }));
        Assert.Equal(1, await CountAsync(new DecisionQuery { Text = "BOB7@" }));
        Assert.Equal(0, await CountAsync(new DecisionQuery { Text = "b_b7@%" }));
        Assert.Equal(25, await CountAsync(new DecisionQuery { Domain = "army.ml", Mode = Mode.Enforce, Reason = DecisionReasons.Lookalike, Applied = Verdict.Deliver }));
        Assert.Equal(0, await CountAsync(new DecisionQuery { Domain = "army.mil" }));
        Assert.Equal(4, await CountAsync(new DecisionQuery { From = Start.AddMinutes(3), Until = Start.AddMinutes(7) }));

        await test.Store.WriteAsync(Lane.Background, t => Decisions.AddCounts(t, Start, [new("clean", 3), new("incoming", 2)]), Token);
        await test.Store.WriteAsync(Lane.Background, t => Decisions.AddCounts(t, Start, [new("clean", 4)]), Token);
        var counts = await decisions.CountAsync(Start, Token);
        Assert.Equal((5, 20, 25, 7, 2, 0), (counts.ByVerdict[Verdict.Refuse], counts.ByVerdict[Verdict.Mark], counts.ByApplied[Verdict.Deliver], counts.Clean, counts.Incoming, counts.NotChecked));
    }

    [Fact]
    public async Task Relationships_add_up_for_the_mailbox_and_the_organisation()
    {
        await using var test = await OpenAsync();
        var relationships = new Relationships(test.Store, new Journal(test.Store, _time), _time);
        await LearnAsync(test.Store, "bob@own.example", "partner.example", sent: 2, day: 0);
        await LearnAsync(test.Store, "bob@own.example", "partner.example", sent: 1, day: 0);
        await LearnAsync(test.Store, "eve@own.example", "partner.example", sent: 5, day: 1);
        await LearnAsync(test.Store, "bob@own.example", "partner.example", received: 1, day: 1);
        await LearnAsync(test.Store, "bob@own.example", "stranger.example", received: 4, day: 1);

        var all = await relationships.OfDomainAsync("partner.example", 10, Token);
        Assert.Equal([null, "eve@own.example", "bob@own.example"], all.OrderBy(r => r.Mailbox is null ? 0 : 1).ThenByDescending(r => r.Sent).Select(r => r.Mailbox));
        Assert.Equal((8, 2, 1, 1), (all[0].Sent, all[0].SentDays, all[0].Received, all[0].Replies));
        Assert.Equal((0, 4, 0), (await relationships.OfDomainAsync("stranger.example", 1, Token)) is [var s] ? (s.Sent, s.Received, s.Replies) : default);

        var bob = await relationships.EvidenceForAsync("bob@own.example", "mail.partner.example", ["other.example"], Token);
        Assert.Equal((3, 8, true, false), (bob.Evidence.SenderToDomain, bob.Evidence.OrganisationToDomain, bob.Evidence.RepliesSeen, bob.Approved));
        var target = await relationships.EvidenceForAsync("eve@own.example", "partner.exmple", ["partner.example"], Token);
        Assert.Equal((0, 0, 5, 8), (target.Evidence.SenderToDomain, target.Evidence.OrganisationToDomain, target.Evidence.SenderToTarget, target.Evidence.OrganisationToTarget));
        Assert.Equal(["partner.example"], await relationships.CorrespondentsAsync(5, 2, 10, Token));

        await relationships.ApproveAsync("stranger.example", null, "ana", "new supplier", Token);
        Assert.True((await relationships.EvidenceForAsync("", "stranger.example", [], Token)).Approved);
        Assert.Equal(2, (await relationships.SearchAsync(new RelationshipQuery(), Token)).Items.Count);
        Assert.Single((await relationships.SearchAsync(new RelationshipQuery { ApprovedOnly = true }, Token)).Items);
        Assert.Equal(2, (await relationships.SearchAsync(new RelationshipQuery { Text = "EVE", OrganisationOnly = false }, Token)).Items.Count + 1);
        Assert.Equal(3, await relationships.ForgetAsync("partner.example", "ana", "left", Token));
        Assert.Equal(1, await relationships.ForgetMailboxAsync("bob@own.example", "ana", "left", Token));
    }

    [Fact]
    public async Task Mail_of_the_past_to_a_look_alike_counts_only_when_it_went_both_ways_on_several_days()
    {
        await using var test = await OpenAsync();
        var relationships = new Relationships(test.Store, new Journal(test.Store, _time), _time);
        await LearnAsync(test.Store, "bob@own.example", "army.ml", past: 40, day: 0);
        async Task<int> KnownAsync() => (await relationships.EvidenceForAsync("bob@own.example", "army.ml", [], Token)).Evidence.SenderToDomain;
        Assert.Equal(0, await KnownAsync());
        await LearnAsync(test.Store, "bob@own.example", "army.ml", past: 1, day: 1);
        await LearnAsync(test.Store, "bob@own.example", "army.ml", past: 1, day: 2);
        Assert.Equal(0, await KnownAsync());
        await LearnAsync(test.Store, "bob@own.example", "army.ml", received: 1, day: 2);
        Assert.Equal(42, await KnownAsync());
    }

    [Fact]
    public async Task A_person_who_was_told_insists_by_sending_again_after_a_pause()
    {
        await using var test = await OpenAsync();
        var insistence = InsistenceOn(test.Store);
        var id = new string('a', 32);
        await test.Store.WriteAsync(Lane.Mail, t => Insistence.Stopped(t, id, StoppedKind.Refusal, "bob@own.example", "jane@army.ml", null, "jane@army.mil", _time.GetUtcNow()), Token);

        // The reply was lost with the node: whoever tries again was not told.
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new Standing(id, null), await ConsiderAsync(test.Store, insistence));
        await test.Store.WriteAsync(Lane.Background, t => Insistence.Told(t, id, _time.GetUtcNow()), Token);

        // A program that tries again every ten seconds is no person, however long it goes on.
        for (var i = 0; i < 12; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(new Standing(id, null), await ConsiderAsync(test.Store, insistence));
        }

        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(default, await ConsiderAsync(test.Store, insistence, "eve@own.example"));
        Assert.Equal(new Standing(id, InsistedHow.Resending), await ConsiderAsync(test.Store, insistence));
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(InsistedHow.Resending, (await ConsiderAsync(test.Store, insistence)).Insisted);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(default, await ConsiderAsync(test.Store, insistence));
    }

    [Fact]
    public async Task After_the_window_an_attempt_is_a_new_refusal()
    {
        await using var test = await OpenAsync();
        var insistence = InsistenceOn(test.Store);
        var id = new string('b', 32);
        await test.Store.WriteAsync(Lane.Mail, t => Insistence.Stopped(t, id, StoppedKind.Refusal, "bob@own.example", "jane@army.ml", null, null, _time.GetUtcNow()), Token);
        await test.Store.WriteAsync(Lane.Background, t => Insistence.Told(t, id, _time.GetUtcNow()), Token);
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(default, await ConsiderAsync(test.Store, insistence));
    }

    [Fact]
    public async Task A_link_confirms_once_until_it_expires()
    {
        await using var test = await OpenAsync();
        var insistence = InsistenceOn(test.Store);
        string[] ids = [new string('c', 32), new string('d', 32)];
        foreach (var id in ids)
            await test.Store.WriteAsync(Lane.Mail, t => Insistence.Stopped(t, id, StoppedKind.Refusal, "bob@own.example", $"{id[0]}@army.ml", null, null, _time.GetUtcNow()), Token);
        var tokens = ids.Select(id => insistence.LinkFor(id, "bob@own.example", $"{id[0]}@army.ml")![Settings.InsistUrl!.Length..]).ToArray();

        Assert.Equal(InsistenceOutcome.Confirmed, await insistence.RedeemAsync(tokens[0], Token));
        Assert.Equal(InsistenceOutcome.AlreadyUsed, await insistence.RedeemAsync(tokens[0], Token));
        Assert.True((await insistence.PeekAsync(tokens[0], Token))!.Used);
        _time.Advance(Settings.LinkValidFor);
        Assert.Equal(InsistenceOutcome.Expired, await insistence.RedeemAsync(tokens[1], Token));
        Assert.Equal(InsistenceOutcome.Unknown, await insistence.RedeemAsync("rubbish", Token));
        Assert.Null(await insistence.PeekAsync("", Token));
        Assert.Null(insistence.LinkFor(ids[0], "", "x@army.ml"));
    }

    [Fact]
    public async Task An_act_on_held_mail_is_on_record_before_it_is_done_and_is_done_in_the_end()
    {
        await using var test = await OpenAsync();
        var queue = new ScriptedHoldQueue();
        var held = HeldOn(test.Store, queue);
        var reconciler = new HoldReconciler(held, new PostfixQueue(queue), Settings, _time, Microsoft.Extensions.Logging.Abstractions.NullLogger<HoldReconciler>.Instance);
        await RecordAsync(test.Store, "4AAAAAAAAA");
        Assert.Equal(HeldState.Pending, (await held.FindAsync("4AAAAAAAAA", Token))!.State);

        queue.Ids.Add("4AAAAAAAAA");
        await reconciler.ReconcileAsync(Token);
        Assert.Equal(HeldState.Held, (await held.FindAsync("4AAAAAAAAA", Token))!.State);

        // The queue cannot be reached: what was wanted stays on record, and nobody can want something else meanwhile.
        queue.IsAway = true;
        Assert.Equal(HeldOutcome.Recorded, (await held.ReleaseAsync("4AAAAAAAAA", "ana", "right address", Token)).Outcome);
        await reconciler.ReconcileAsync(Token);
        var stuck = (await held.FindAsync("4AAAAAAAAA", Token))!;
        Assert.Equal((HeldState.Releasing, "away"), (stuck.State, stuck.Problem));
        Assert.Equal(HeldOutcome.TooLate, (await held.DeleteAsync("4AAAAAAAAA", "eve", "no", Token)).Outcome);

        queue.IsAway = false;
        await reconciler.ReconcileAsync(Token);
        Assert.Equal(HeldState.Released, (await held.FindAsync("4AAAAAAAAA", Token))!.State);
        Assert.Equal(["Release 4AAAAAAAAA"], queue.Done);
    }

    [Fact]
    public async Task A_message_that_is_gone_without_us_is_noticed_but_a_young_one_is_waited_for()
    {
        await using var test = await OpenAsync();
        var queue = new ScriptedHoldQueue();
        var held = HeldOn(test.Store, queue);
        var reconciler = new HoldReconciler(held, new PostfixQueue(queue), Settings, _time, Microsoft.Extensions.Logging.Abstractions.NullLogger<HoldReconciler>.Instance);
        await RecordAsync(test.Store, "4BBBBBBBBB");
        await reconciler.ReconcileAsync(Token);
        Assert.Equal(HeldState.Pending, (await held.FindAsync("4BBBBBBBBB", Token))!.State);
        Assert.Equal(HeldOutcome.Recorded, (await held.DeleteAsync("4BBBBBBBBB", "ana", "too early", Token)).Outcome);
        queue.Ids.Add("4BBBBBBBBB");
        await reconciler.ReconcileAsync(Token);
        Assert.Equal(HeldState.Deleted, (await held.FindAsync("4BBBBBBBBB", Token))!.State);

        await RecordAsync(test.Store, "4CCCCCCCCC");
        _time.Advance(TimeSpan.FromMinutes(3));
        queue.IsAway = true;
        await reconciler.ReconcileAsync(Token);
        Assert.Equal(HeldState.Pending, (await held.FindAsync("4CCCCCCCCC", Token))!.State);
        queue.IsAway = false;
        await reconciler.ReconcileAsync(Token);
        Assert.Equal(HeldState.Vanished, (await held.FindAsync("4CCCCCCCCC", Token))!.State);
    }

    [Fact]
    public async Task Held_mail_is_listed_by_state_and_text_and_a_queue_id_used_again_is_another_message()
    {
        await using var test = await OpenAsync();
        var held = HeldOn(test.Store, new ScriptedHoldQueue());
        for (var i = 0; i < 5; i++)
        {
            await RecordAsync(test.Store, "4DDDDDDDDD");
            _time.Advance(TimeSpan.FromDays(100));
        }

        Assert.Equal(5, await held.CountWaitingAsync(Token));
        var page = await held.ListAsync(HeldQuery.Waiting with { Limit = 3 }, Token);
        Assert.Equal(2, (await held.ListAsync(HeldQuery.Waiting with { Limit = 3, After = page.Next }, Token)).Items.Count);
        Assert.Equal(5, (await held.ListAsync(new HeldQuery { Text = "ARMY.ml" }, Token)).Items.Count);
        Assert.Empty((await held.ListAsync(new HeldQuery { States = [HeldState.Released] }, Token)).Items);
        Assert.Equal(Start.AddDays(400), (await held.FindAsync("4DDDDDDDDD", Token))!.Time);
    }

    private Insistence InsistenceOn(Vigie.Store.Store store) => new(
        store, new Journal(store, _time), _time, Settings, new InsistenceTokens(new byte[32]), HeldOn(store, new ScriptedHoldQueue()));

    private HeldMail HeldOn(Vigie.Store.Store store, ScriptedHoldQueue queue) =>
        new(store, new Journal(store, _time), _time, new PostfixQueue(queue), new Notices(Settings));

    private Task<Standing> ConsiderAsync(Vigie.Store.Store store, Insistence insistence, string sender = "bob@own.example") =>
        store.WriteAsync(Lane.Mail, transaction => insistence.Consider(transaction, sender, "jane@army.ml", _time.GetUtcNow()), Token);

    private Task RecordAsync(Vigie.Store.Store store, string queueId) => store.WriteAsync(
        Lane.Mail,
        transaction => HeldMail.Record(transaction, new HeldMessage(
            queueId, _time.GetUtcNow(), "bob@own.example", ["jane@army.ml"], "subject", 100, new Bilingual("why", "pourquoi"), HeldState.Pending, null, null, null)),
        Token);

    private static Task LearnAsync(Vigie.Store.Store store, string mailbox, string domain, int sent = 0, int past = 0, int received = 0, int day = 0)
    {
        var gain = new RelationshipGain { Sent = sent, Past = past, Received = received };
        gain.At(Start.AddDays(day));
        if (sent + past > 0) gain.OnDayOf(Start.AddDays(day));
        return store.WriteAsync(Lane.Background, transaction => Relationships.Add(transaction, new RelationshipKey(mailbox, domain), gain), Token);
    }

    private static Decision Decision(int i, Verdict verdict) => new(
        FindingId.Of("test", "test", FindingId.Part(i)).Value, Start.AddMinutes(i), i % 2 == 0 ? $"4{i:D9}" : null, $"bob{i}@own.example", null, "smtpd",
        "pc [192.0.2.1]", "jane@army.ml", verdict, Verdict.Deliver, Mode.Enforce, "army.mil", "TldTypo", 0.97, "jane@army.mil", DecisionReasons.Lookalike,
        new Bilingual("why", "pourquoi"), null);
}

/// <summary>A hold queue in memory that can be away: what the helper's socket is when its service is down.</summary>
internal sealed class ScriptedHoldQueue : IHoldQueue
{
    public HashSet<string> Ids { get; } = [];

    public List<string> Done { get; } = [];

    public bool IsAway { get; set; }

    public Task<QueueReply> ActAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken)
    {
        if (IsAway) return Task.FromResult(new QueueReply(QueueOutcome.Unavailable, "away"));
        if (!Ids.Remove(queueId)) return Task.FromResult(new QueueReply(QueueOutcome.NotHeld, "not in the hold queue"));
        Done.Add($"{verb} {queueId}");
        return Task.FromResult(new QueueReply(QueueOutcome.Done, ""));
    }

    public Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken) =>
        IsAway ? throw new QueueUnavailableException("away") : Task.FromResult<IReadOnlySet<string>>(Ids.ToImmutableHashSet());
}

/// <summary>A clock that the test moves.</summary>
internal sealed class MailTestTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
