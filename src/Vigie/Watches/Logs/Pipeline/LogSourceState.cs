using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>How one source does, while the node runs; written to the store with what it brings. Safe for use by several threads.</summary>
internal sealed class LogSourceState(LogSourceSettings settings, LogMetrics metrics)
{
    private const int MaxMessage = 300;

    private readonly Lock _lock = new();
    private LogSourceStatus _status = new(settings.Name, KindName(settings.Kind));
    private bool _changed;

    public LogSourceSettings Settings => settings;

    public string Name => settings.Name;

    /// <summary>How it does now.</summary>
    public LogSourceStatus Status
    {
        get { lock (_lock) return _status; }
    }

    /// <summary>The name of a kind in the settings.</summary>
    public static string KindName(LogSourceKind kind) => kind switch
    {
        LogSourceKind.Files => "files",
        LogSourceKind.SyslogUdp => "syslog-udp",
        LogSourceKind.SyslogTcp => "syslog-tcp",
        _ => "http",
    };

    /// <summary>Goes on from what the store has.</summary>
    public void Restore(LogSourceStatus? saved)
    {
        if (saved is null) return;
        lock (_lock) _status = saved with { Kind = KindName(settings.Kind), LastError = null, LastErrorAt = null, Dropped = saved.Dropped + _status.Dropped };
    }

    /// <summary>Counts events that were read.</summary>
    public void Count(long events, long bytes, long findings, DateTimeOffset? lastEvent, DateTimeOffset received)
    {
        metrics.Events(Name, events);
        metrics.Findings(Name, findings);
        Change(status => status with
        {
            Events = status.Events + events,
            Bytes = status.Bytes + bytes,
            Findings = status.Findings + findings,
            LastEvent = lastEvent is { } last && (status.LastEvent is not { } known || last > known) ? last : status.LastEvent,
            LastReceived = received,
        });
    }

    /// <summary>Counts something that could not be read.</summary>
    public void Report(string place, LogDiagnostic diagnostic)
    {
        metrics.ParseError(Name, diagnostic.Code);
        var message = diagnostic.Message.Length <= MaxMessage ? diagnostic.Message : diagnostic.Message[..MaxMessage];
        var sample = new LogProblemSample(diagnostic.Code, $"{place}:{diagnostic.Offset}", message.Replace('\0', ' '));
        // The last of each kind first: a flood of one kind must not push the others out.
        Change(status => status with
        {
            Problems = status.Problems + 1,
            Samples = [.. status.Samples.Where(s => s.Code != sample.Code).TakeLast(LogSourceStatus.MaxSamples - 1), sample],
        });
    }

    /// <summary>Counts messages that arrived and were lost before they could be read.</summary>
    public void Drop(long messages)
    {
        if (messages <= 0) return;
        metrics.Dropped(Name, messages);
        Change(status => status with { Dropped = status.Dropped + messages });
    }

    /// <summary>Says how much is still to be read.</summary>
    public void Behind(long? bytes)
    {
        metrics.Behind(Name, bytes ?? 0);
        Change(status => status with { Behind = bytes });
    }

    /// <summary>Says that it fails, or, with null, that it works again.</summary>
    public void Error(string? problem, DateTimeOffset now) =>
        Change(status => status.LastError == problem ? status : status with { LastError = problem, LastErrorAt = problem is null ? null : now });

    /// <summary>The status where it has changed since it was last asked for.</summary>
    public LogSourceStatus? TakeChanged()
    {
        lock (_lock)
        {
            if (!_changed) return null;
            _changed = false;
            return _status;
        }
    }

    private void Change(Func<LogSourceStatus, LogSourceStatus> change)
    {
        lock (_lock)
        {
            _status = change(_status);
            _changed = true;
        }
    }
}
