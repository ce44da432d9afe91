using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Operations;

namespace Vigie.Tests.Operations;

public sealed class StageRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stage_that_fails_is_started_again_and_the_node_says_so()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var states = new StageStates(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var stage = new FailsOnce();
        using var runner = new StageRunner<FailsOnce>(stage, states, new ImpatientClock(), NullLogger<StageRunner<FailsOnce>>.Instance);

        await runner.StartAsync(Token);
        await stage.SecondRun.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var health = await states.CheckHealthAsync(new HealthCheckContext(), Token);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal("test.fails-once: the resolver is away", health.Description);

        await runner.StopAsync(Token);
        Assert.Equal(2, stage.Runs);
    }

    [Fact]
    public void Pauses_grow_and_have_an_end()
    {
        Assert.Equal([1.0, 2, 4, 8], Enumerable.Range(1, 4).Select(n => StageRunner<FailsOnce>.Pause(n).TotalSeconds));
        Assert.Equal(StageRunner<FailsOnce>.LongestPause, StageRunner<FailsOnce>.Pause(int.MaxValue));
    }

    private sealed class FailsOnce : IStage
    {
        public TaskCompletionSource SecondRun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Runs { get; private set; }

        public string Name => "test.fails-once";

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            if (++Runs == 1) throw new IOException("the resolver is away");
            SecondRun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    /// <summary>A clock whose timers fire at once, so that back-off costs the test nothing.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
