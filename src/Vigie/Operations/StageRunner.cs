using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Operations;

/// <summary>Keeps one stage running: a failure is logged and counted, and the stage starts again after a growing pause.</summary>
internal sealed class StageRunner<T>(T stage, StageStates states, TimeProvider time, ILogger<StageRunner<T>> log) : BackgroundService
    where T : class, IStage
{
    /// <summary>The pause after the first failure; doubled after each further one.</summary>
    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause; a stage that ran this long before it failed counts as recovered.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                await Task.Yield();
                await stage.RunAsync(stoppingToken);
                states.Ended(stage.Name);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // The boundary the design speaks of: whatever breaks inside one part stays there.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures = time.GetElapsedTime(started) >= LongestPause ? 1 : failures + 1;
                var pause = Pause(failures);
                states.Failed(stage.Name, e.Message);
                log.StageFailed(e, stage.Name, failures, pause);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal static TimeSpan Pause(int failures) =>
        FirstPause * Math.Pow(2, Math.Min(failures - 1, 16)) is var pause && pause < LongestPause ? pause : LongestPause;
}

/// <summary>How the stages fare, for health and metrics.</summary>
internal sealed class StageStates : IHealthCheck
{
    /// <summary>How long a failure is remembered: more than the longest pause, so that a stage that keeps failing never looks well.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, string Why)> _failures = new(StringComparer.Ordinal);
    private readonly Counter<long> _failed;
    private readonly TimeProvider _time;

    public StageStates(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _failed = meters.Create("Vigie").CreateCounter<long>("vigie.node.stage.failures", "{failure}", "Failures of a part of the node, each followed by a restart.");
    }

    public void Failed(string stage, string why)
    {
        _failures[stage] = (_time.GetUtcNow(), why);
        _failed.Add(1, new KeyValuePair<string, object?>("stage", stage));
    }

    public void Ended(string stage) => _failures.TryRemove(stage, out _);

    /// <summary>A stage that keeps failing makes the node degraded, not unready: the other watches still work.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var since = _time.GetUtcNow() - Memory;
        var failing = _failures.Where(f => f.Value.At > since).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}: {f.Value.Why}").ToList();
        return Task.FromResult(failing.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join("; ", failing)));
    }
}
