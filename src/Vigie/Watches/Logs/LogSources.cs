using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs;

/// <summary>The sources of the settings, with how each of them does.</summary>
internal sealed class LogSources
{
    public LogSources(LogsSettings settings, LogMetrics metrics) => States = [.. settings.Sources.Select(source => new LogSourceState(source, metrics))];

    /// <summary>One per source, in the order of the settings.</summary>
    public IReadOnlyList<LogSourceState> States { get; }
}
