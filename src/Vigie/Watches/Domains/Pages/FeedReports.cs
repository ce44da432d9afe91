using Vigie.Console;
using Vigie.Engine;
using Vigie.Governance;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Watches.Domains.Pages;

/// <summary>The feeds of new names, for the overview.</summary>
internal sealed class FeedReports(FeedTable table, DomainsSettings settings, TimeProvider time) : ISourceReports
{
    private static readonly Bilingual Feed = new("feed of new names", "flux de nouveaux noms");

    public Permission Permission => Permission.ReadFindings;

    public async Task<IReadOnlyList<SourceReport>> ReadAsync(CancellationToken cancellationToken)
    {
        if (settings.Feeds.Count == 0) return [];
        var known = await table.LoadAsync(cancellationToken);
        return [.. settings.Feeds.Select(feed => Report(known.GetValueOrDefault(feed.Name) ?? new FeedStatus(feed.Name)))];
    }

    private SourceReport Report(FeedStatus status)
    {
        var problem = status.IsFailing ? status.LastError : null;
        return new SourceReport(status.Name, Feed, "/domains", SourceReport.Judge(problem, 0, status.LastRead, time.GetUtcNow()))
        {
            LastReceived = status.LastRead,
            Lag = status is { LastEvent: { } happened, LastRead: { } read } && read > happened ? read - happened : null,
            Behind = status.Behind,
            Problem = problem,
        };
    }
}
