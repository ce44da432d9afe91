using Dapper;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Incidents.Placing;
using Vigie.Store;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Desk;

public sealed class SqliteIncidentDeskTests : IncidentDeskTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlIncidentDeskTests(PostgreSqlServer server) : IncidentDeskTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class IncidentDeskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task Who_takes_a_new_incident_has_it_in_work()
    {
        await using var test = await OpenAsync();
        var (desk, changes, _) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1));
        using var listening = changes.Subscribe();

        var done = Assert.IsType<DeskOutcome.Done>(await desk.AssignAsync(new ActOn(id, 1, "awa"), "awa", Token));
        Assert.Equal(id, done.Incident);
        var after = await FindAsync(test, id);
        Assert.Equal(("awa", IncidentStatus.InWork, 2L), (after.Assignee, after.Status, after.Version));
        Assert.NotNull(after.TouchedAt);
        Assert.Equal([id], listening.TryTake()!.Value.Incidents);
        Assert.Equal(["created", "assigned", "status"], await HistoryAsync(test, id));

        // The same again changes nothing and is no reason to tell anybody.
        Assert.IsType<DeskOutcome.Done>(await desk.AssignAsync(new ActOn(id, 2, "awa"), "awa", Token));
        Assert.Equal(2, (await FindAsync(test, id)).Version);
        Assert.Null(listening.TryTake());
        Assert.IsType<DeskOutcome.Invalid>(await desk.AssignAsync(new ActOn(id, 2, "awa"), "nobody-here", Token));
        Assert.IsType<DeskOutcome.Gone>(await desk.AssignAsync(new ActOn(999, 2, "awa"), "awa", Token));
    }

    [Fact]
    public async Task What_another_person_changed_meanwhile_is_told_and_nothing_is_done()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1));
        await desk.SetStatusAsync(new ActOn(id, 1, "awa"), IncidentStatus.Waiting, Token);

        var changed = Assert.IsType<DeskOutcome.ChangedMeanwhile>(await desk.JudgeAsync(new ActOn(id, 1, "ines"), IncidentVerdict.False, "A test.", Token));
        Assert.Equal(2, changed.Now.Version);
        var entry = Assert.Single(changed.Since);
        Assert.Equal(("awa", "status", "waiting"), (entry.Actor, entry.Action, entry.Details["to"]));
        var after = await FindAsync(test, id);
        Assert.Equal((IncidentStatus.Waiting, null, 2L), (after.Status, after.Verdict, after.Version));

        // Who has read that may insist.
        Assert.IsType<DeskOutcome.Done>(await desk.JudgeAsync(new ActOn(id, changed.Now.Version, "ines"), IncidentVerdict.False, "A test.", Token));
        // One's own changes in another window are no surprise.
        Assert.IsType<DeskOutcome.Done>(await desk.UndoVerdictAsync(new ActOn(id, 2, "ines"), "Not a test.", Token));
    }

    [Fact]
    public async Task What_only_adds_stands_beside_what_others_did()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1));
        await desk.JudgeAsync(new ActOn(id, 1, "awa"), IncidentVerdict.True, "Seen in the mail log.", Token);

        var done = Assert.IsType<DeskOutcome.Done>(await desk.CommentAsync(new ActOn(id, 1, "ines"), "first\r\nsecond \u0000 \u202E<script>", Token));
        Assert.Equal("verdict", Assert.Single(done.Meanwhile).Action);
        // A form sent twice is one comment; the same words an hour later would be another.
        await desk.CommentAsync(new ActOn(id, 1, "ines"), "first\nsecond \u0000 \u202E<script>", Token);
        Assert.Equal("first\nsecond \uFFFD \u202E<script>", Assert.Single(await QueryAsync<string>(test, "SELECT text FROM incident_comment")));

        await desk.AddTaskAsync(new ActOn(id, 1, "ines"), "Call the mailbox's owner", Token);
        var task = Assert.Single(await QueryAsync<long>(test, "SELECT id FROM incident_task"));
        await desk.SetTaskAsync(new ActOn(id, 1, "awa"), task, true, Token);
        await desk.SetTaskAsync(new ActOn(id, 1, "ines"), task, true, Token);
        Assert.Equal("awa", Assert.Single(await QueryAsync<string>(test, "SELECT done_by FROM incident_task")));
        await desk.SetTaskAsync(new ActOn(id, 1, "ines"), task, false, Token);
        Assert.IsType<DeskOutcome.Invalid>(await desk.SetTaskAsync(new ActOn(id, 1, "ines"), task + 5, true, Token));
        Assert.Equal(["created", "verdict", "commented", "task-added", "task-done", "task-reopened"], await HistoryAsync(test, id));
    }

    [Fact]
    public async Task A_verdict_heeds_findings_that_came_meanwhile_and_an_assignment_does_not()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1));
        await test.Store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                transaction.Connection!.Execute("UPDATE incident SET version = 2 WHERE id = @id", new { id }, transaction);
                IncidentHistory.Append(transaction, id, 2, DateTimeOffset.UtcNow, IncidentHistoryEntry.Vigie, IncidentActions.Joined, ("findings", "1"));
            },
            Token);
        Assert.IsType<DeskOutcome.ChangedMeanwhile>(await desk.JudgeAsync(new ActOn(id, 1, "awa"), IncidentVerdict.False, "Noise.", Token));
        Assert.IsType<DeskOutcome.Done>(await desk.AssignAsync(new ActOn(id, 1, "awa"), "awa", Token));
    }

    [Fact]
    public async Task A_verdict_closes_and_votes_once_a_rule_and_can_be_taken_back_and_given_anew()
    {
        await using var test = await OpenAsync();
        var (desk, _, precision) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1, "a"), SomeIncident.Finding(2, "a"), SomeIncident.Finding(3, "b"));
        const string Detector = "mail.lookalike-recipient";
        Assert.IsType<DeskOutcome.Invalid>(await desk.JudgeAsync(new ActOn(id, 1, "awa"), IncidentVerdict.False, "  ", Token));

        await desk.JudgeAsync(new ActOn(id, 1, "awa"), IncidentVerdict.False, "Two writers, both ours.", Token);
        Assert.Equal((new RuleVotes(0, 0, 1), new RuleVotes(0, 0, 1)), (precision.VotesOf(Detector, "a"), precision.VotesOf(Detector, "b")));
        var closed = await FindAsync(test, id);
        Assert.Equal((IncidentStatus.Closed, IncidentVerdict.False), (closed.Status, closed.Verdict));
        Assert.IsType<DeskOutcome.Invalid>(await desk.SetStatusAsync(new ActOn(id, closed.Version, "awa"), IncidentStatus.InWork, Token));
        Assert.True(precision.Of(Detector, "a", Severity.Medium) < RulePrecision.PriorOf(Severity.Medium));

        await desk.JudgeAsync(new ActOn(id, 2, "awa"), IncidentVerdict.True, "One was not ours.", Token);
        Assert.Equal(new RuleVotes(1, 0, 0), precision.VotesOf(Detector, "a"));
        await desk.UndoVerdictAsync(new ActOn(id, 3, "awa"), "Not sure after all.", Token);
        Assert.Equal(default, precision.VotesOf(Detector, "a"));
        var open = await FindAsync(test, id);
        Assert.Equal((IncidentStatus.New, null, null), (open.Status, open.Verdict, open.ClosedAt));
        Assert.Equal([true, true], await QueryAsync<bool>(test, "SELECT undone_at IS NOT NULL FROM incident_verdict"));
        Assert.Equal(["incident.verdict-undone", "incident.verdict", "incident.verdict"], await QueryAsync<string>(test, "SELECT action FROM journal ORDER BY id DESC"));

        // What is read anew is what was counted.
        var again = new RulePrecision(test.Store);
        await again.LoadAsync(Token);
        Assert.Equal(precision.VotesOf(Detector, "b"), again.VotesOf(Detector, "b"));
    }

    [Fact]
    public async Task Merging_moves_everything_leads_on_and_lets_one_verdict_speak()
    {
        await using var test = await OpenAsync();
        var (desk, _, precision) = await SitAsync(test);
        var first = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1, "a"));
        var second = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(2, "b", Severity.Critical), SomeIncident.Finding(3, "b"));
        var third = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(4, "c"));
        await desk.CommentAsync(new ActOn(second, 1, "awa"), "See here.", Token);
        await desk.AttachAsync(new ActOn(second, 1, "awa"), "a.txt", "evidence"u8.ToArray(), Token);
        await desk.JudgeAsync(new ActOn(second, 3, "awa"), IncidentVerdict.False, "Noise.", Token);
        await desk.JudgeAsync(new ActOn(first, 1, "awa"), IncidentVerdict.True, "It is.", Token);

        Assert.IsType<DeskOutcome.Invalid>(await desk.MergeAsync(new ActOn(second, 4, "awa"), second, Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.MergeAsync(new ActOn(second, 4, "awa"), 999, Token));
        await desk.MergeAsync(new ActOn(third, 1, "awa"), second, Token);
        var done = Assert.IsType<DeskOutcome.Done>(await desk.MergeAsync(new ActOn(second, 5, "awa"), first, Token));
        Assert.Equal(first, done.Incident);

        var into = await FindAsync(test, first);
        Assert.Equal((4L, 3, Severity.Critical, null), (into.Findings, into.Rules, into.Severity, into.OnlyRule));
        Assert.Equal((IncidentStatus.Merged, first), ((await FindAsync(test, second)).Status, (await FindAsync(test, second)).MergedInto!.Value));
        Assert.Equal(first, (await FindAsync(test, third)).MergedInto);
        Assert.Equal([first], await QueryAsync<long>(test, "SELECT incident_id FROM incident_comment UNION SELECT incident_id FROM incident_attachment UNION SELECT incident_id FROM incident_finding"));
        // One incident, one verdict: the one that stays says true of every rule in it.
        Assert.Equal((new RuleVotes(1, 0, 0), new RuleVotes(1, 0, 0), new RuleVotes(1, 0, 0)), (Votes("a"), Votes("b"), Votes("c")));
        var gone = Assert.IsType<DeskOutcome.Gone>(await desk.CommentAsync(new ActOn(second, 5, "ines"), "Too late?", Token));
        Assert.Equal(first, gone.MergedInto);

        RuleVotes Votes(string rule) => precision.VotesOf("mail.lookalike-recipient", rule);
    }

    [Fact]
    public async Task Splitting_puts_the_chosen_findings_into_a_new_incident()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        Finding[] findings = [SomeIncident.Finding(1, "a"), SomeIncident.Finding(2, "b", Severity.High), SomeIncident.Finding(3, "b")];
        var id = await SomeIncident.TellAsync(test.Store, Token, findings);
        var other = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(9));

        Assert.IsType<DeskOutcome.Invalid>(await desk.SplitAsync(new ActOn(id, 1, "awa"), [], Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.SplitAsync(new ActOn(id, 1, "awa"), [.. findings.Select(f => f.Id)], Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.SplitAsync(new ActOn(id, 1, "awa"), [SomeIncident.Finding(9).Id], Token));
        var done = Assert.IsType<DeskOutcome.Done>(await desk.SplitAsync(new ActOn(id, 1, "awa"), [findings[1].Id, findings[2].Id], Token));

        Assert.True(done.Incident > other);
        var (rest, fresh) = (await FindAsync(test, id), await FindAsync(test, done.Incident));
        Assert.Equal((1L, "mail.lookalike-recipient a", Severity.Medium), (rest.Findings, rest.OnlyRule, rest.Severity));
        Assert.Equal((2L, "mail.lookalike-recipient b", Severity.High, IncidentStatus.New), (fresh.Findings, fresh.OnlyRule, fresh.Severity, fresh.Status));
        Assert.NotNull(fresh.TouchedAt);
        Assert.Equal((2L, 1L), (rest.Version, fresh.Version));
    }

    [Fact]
    public async Task Proposals_are_done_or_declined_once()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        Finding[] findings = [SomeIncident.Finding(1), SomeIncident.Finding(2), SomeIncident.Finding(3)];
        var id = await SomeIncident.TellAsync(test.Store, Token, findings);
        var other = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(9));
        var merge = await ProposeAsync(test, id, 0, other, []);
        var split = await ProposeAsync(test, id, 1, null, [findings[2].Id]);
        var third = await ProposeAsync(test, id, 1, null, [findings[1].Id]);

        Assert.IsType<DeskOutcome.Invalid>(await desk.AcceptAsync(new ActOn(other, 1, "awa"), merge, Token));
        Assert.IsType<DeskOutcome.Done>(await desk.AcceptAsync(new ActOn(id, 1, "awa"), merge, Token));
        Assert.Equal(4, (await FindAsync(test, id)).Findings);
        Assert.Equal(id, (await FindAsync(test, other)).MergedInto);
        Assert.Equal(id, Assert.IsType<DeskOutcome.Done>(await desk.AcceptAsync(new ActOn(id, 2, "awa"), split, Token)).Incident);
        Assert.Equal(3, (await FindAsync(test, id)).Findings);
        Assert.IsType<DeskOutcome.Done>(await desk.DeclineAsync(new ActOn(id, 3, "awa"), third, Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.AcceptAsync(new ActOn(id, 4, "awa"), third, Token));
        Assert.Equal([1L, 1L, 0L], await QueryAsync<long>(test, "SELECT CAST(accepted AS BIGINT) FROM incident_proposal ORDER BY id"));
    }

    [Fact]
    public async Task Files_are_bounded_hashed_and_kept_once()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1));
        var on = new ActOn(id, 1, "awa");
        Assert.IsType<DeskOutcome.Invalid>(await desk.AttachAsync(on, "empty", [], Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.AttachAsync(on, "large", new byte[IncidentDesk.MaxAttachment + 1], Token));
        Assert.IsType<DeskOutcome.Done>(await desk.AttachAsync(on, @"C:\Users\awa\page.html", "<script>alert(1)</script>"u8.ToArray(), Token));
        Assert.IsType<DeskOutcome.Done>(await desk.AttachAsync(on, "again.html", "<script>alert(1)</script>"u8.ToArray(), Token));
        var file = Assert.Single(await QueryAsync<long>(test, "SELECT id FROM incident_attachment"));
        var (kept, content) = (await desk.ReadAttachmentAsync(id, file, Token))!.Value;
        Assert.Equal(("page.html", "text/plain", 25L, "awa"), (kept.Name, kept.MediaType, kept.Size, kept.AddedBy));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), kept.Sha256);
        Assert.Null(await desk.ReadAttachmentAsync(id + 1, file, Token));
        await desk.DetachAsync(on, file, Token);
        Assert.Empty(await QueryAsync<long>(test, "SELECT id FROM incident_attachment"));
        Assert.Equal(["created", "attached", "detached"], await HistoryAsync(test, id));
    }

    [Fact]
    public async Task Many_are_closed_each_by_itself_and_folded_rows_stand_for_what_was_seen()
    {
        await using var test = await OpenAsync();
        var (desk, _, precision) = await SitAsync(test);
        var ids = new List<long>();
        for (var i = 0; i < 120; i++) ids.Add(await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(i, "noisy")));
        var seenAt = DateTimeOffset.UtcNow;
        await desk.CommentAsync(new ActOn(ids[3], 1, "ines"), "This one is different.", Token);

        var folded = await desk.FoldedAsync("mail.lookalike-recipient noisy", IncidentStatus.New, seenAt, Token);
        Assert.Equal(119, folded.Count);
        var outcome = await desk.JudgeManyAsync([.. folded, (ids[3], 1), (9999, 1)], "awa", IncidentVerdict.Benign, "The new printer.", Token);
        Assert.Equal((119, 1, 1, 0), (outcome.Done.Count, outcome.Changed.Count, outcome.Gone.Count, outcome.Refused.Count));
        Assert.Equal(new RuleVotes(0, 119, 0), precision.VotesOf("mail.lookalike-recipient", "noisy"));
        var assigned = await desk.AssignManyAsync([(ids[3], 2), (ids[4], 2)], "awa", "ines", Token);
        Assert.Equal([ids[3]], assigned.Done);
        Assert.Equal([ids[4]], assigned.Refused.Select(one => one.Incident));
    }

    [Fact]
    public async Task Names_and_texts_from_strangers_are_bounded_and_kept()
    {
        await using var test = await OpenAsync();
        var (desk, _, _) = await SitAsync(test);
        var id = await SomeIncident.TellAsync(test.Store, Token, SomeIncident.Finding(1));
        var on = new ActOn(id, 1, "awa");
        Assert.IsType<DeskOutcome.Invalid>(await desk.RenameAsync(on, new string('x', 1_000_000), Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.CommentAsync(on, new string('x', 1_000_000), Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.AddTaskAsync(on, new string('x', 1_000_000), Token));
        Assert.IsType<DeskOutcome.Invalid>(await desk.JudgeAsync(on, IncidentVerdict.True, new string('x', 1_000_000), Token));
        Assert.IsType<DeskOutcome.Done>(await desk.RenameAsync(on, "\u202E<script>\0\uD800", Token));
        var named = await FindAsync(test, id);
        Assert.Equal("\u202E<script>\uFFFD\uFFFD", named.Title.English);
        Assert.Equal("awa", Assert.Single(await QueryAsync<string>(test, "SELECT named_by FROM incident")));
    }

    private static async Task<(IncidentDesk Desk, IncidentChanges Changes, RulePrecision Precision)> SitAsync(TestStore test)
    {
        await test.Store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                foreach (var name in (string[])["awa", "ines"])
                    transaction.Connection!.Execute("INSERT INTO accounts (id, name, name_key, role, created) VALUES (@name, @name, @name, 'Analyst', 0)", new { name }, transaction);
            },
            Token);
        var (changes, precision) = (new IncidentChanges(), new RulePrecision(test.Store));
        return (new IncidentDesk(test.Store, new DeskRows(test.Store, new IncidentSummaries(precision, new IncidentsSettings { Horizon = TimeSpan.FromDays(30) })), changes, precision, new Journal(test.Store, TimeProvider.System), TimeProvider.System), changes, precision);
    }

    private static async Task<Incident> FindAsync(TestStore test, long id) => (await new IncidentTable(test.Store).FindAsync(id, Token))!;

    private static Task<IReadOnlyList<string>> HistoryAsync(TestStore test, long id) =>
        QueryAsync<string>(test, $"SELECT action FROM incident_history WHERE incident_id = {id} ORDER BY id");

    private static async Task<IReadOnlyList<T>> QueryAsync<T>(TestStore test, string sql) =>
        [.. await test.Store.ReadAsync((connection, _) => connection.QueryAsync<T>(sql), Token)];

    private static Task<long> ProposeAsync(TestStore test, long incident, int kind, long? other, FindingId[] findings) => test.Store.WriteAsync(
        Lane.Background,
        transaction =>
        {
            transaction.Connection!.Execute(
                "INSERT INTO incident_proposal (incident_id, kind, other_id, findings, why_en, why_fr, created_at) VALUES (@incident, @kind, @other, @findings, 'They share a host.', 'Ils partagent un hôte.', 1)",
                new { incident, kind, other, findings = System.Text.Json.JsonSerializer.Serialize(findings.Select(f => f.Value)) },
                transaction);
            return transaction.Connection!.ExecuteScalar<long>("SELECT MAX(id) FROM incident_proposal", transaction: transaction);
        },
        Token);
}
