using Vigie.Console;
using Vigie.Governance;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pages;

/// <summary>The log sources of the settings, for the overview.</summary>
internal sealed class LogSourceReports(LogSourceTable table, LogsSettings settings, TimeProvider time) : ISourceReports
{
    public Permission Permission => Permission.ReadFindings;

    public async Task<IReadOnlyList<SourceReport>> ReadAsync(CancellationToken cancellationToken)
    {
        var known = await table.LoadAsync(cancellationToken);
        return [.. settings.Sources.Select(source => Report(known.GetValueOrDefault(source.Name) ?? new LogSourceStatus(source.Name, LogSourceState.KindName(source.Kind))))];
    }

    private SourceReport Report(LogSourceStatus status) =>
        new(status.Name, LogTexts.KindOf(status.Kind), "/logs", SourceReport.Judge(status.LastError, status.Dropped, status.LastReceived, time.GetUtcNow()))
        {
            LastReceived = status.LastReceived,
            Lag = status.Lag,
            Behind = status.Behind,
            Lost = status.Dropped,
            Problem = status.LastError,
        };
}
