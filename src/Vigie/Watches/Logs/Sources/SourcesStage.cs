using Vigie.Operations;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Sources;

/// <summary>Runs every source of the settings once the pipeline is ready. One that fails is started again after a growing pause; the others go on.</summary>
internal sealed class SourcesStage(LogSources states, Func<LogSourceState, ILogSource> open, LogPipeline pipeline, TimeProvider time, ILogger<SourcesStage> log) : IStage
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public string Name => "logs.sources";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await pipeline.WhenReadyAsync(cancellationToken);
        await Task.WhenAll(states.States.Select(state => RunAsync(state, cancellationToken)));
    }

    private async Task RunAsync(LogSourceState state, CancellationToken ct)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var pause = FirstPause;
        while (!ct.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                await open(state).RunAsync(ct).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            // Whatever breaks within one source stays there.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (time.GetElapsedTime(started) > LongestPause) pause = FirstPause;
                state.Error(e.Message, time.GetUtcNow());
                log.LogSourceFailed(state.Name, pause, e is OperationCanceledException ? "the pipeline started again" : e.Message);
                await Task.Delay(pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }
}
