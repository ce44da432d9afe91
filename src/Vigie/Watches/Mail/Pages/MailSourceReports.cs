using Vigie.Console;
using Vigie.Engine;
using Vigie.Governance;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Watches.Mail.Pages;

/// <summary>Where mail is judged, for the overview. A mail server that is not answered asks again: nothing is lost.</summary>
internal sealed class MailSourceReports(MilterServer server, Decisions decisions, TimeProvider time) : ISourceReports
{
    private static readonly Bilingual Milter = new("mail server (milter)", "serveur de courrier (milter)");

    public Permission Permission => Permission.ReadDecisions;

    public async Task<IReadOnlyList<SourceReport>> ReadAsync(CancellationToken cancellationToken)
    {
        // Ordinary mail is counted by the day and not recorded one by one: today's count says whether any came.
        var day = await decisions.CountAsync(time.GetUtcNow().AddDays(-1), cancellationToken);
        var latest = await decisions.SearchAsync(new DecisionQuery { Limit = 1 }, cancellationToken);
        var problem = server.Listening ? null : "not listening";
        var last = latest.Items.Count > 0 ? latest.Items[0].Time : (DateTimeOffset?)null;
        var state = problem is not null ? SourceState.Failing
            : day.Clean + day.NotChecked + day.ByVerdict.Values.Sum() > 0 ? SourceState.Good
            : last is null ? SourceState.Waiting
            : SourceState.Silent;
        return [new SourceReport("mail", Milter, "/decisions", state) { LastReceived = last, Problem = problem }];
    }
}
