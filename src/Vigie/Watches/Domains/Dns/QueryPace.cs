namespace Vigie.Watches.Domains.Dns;

/// <summary>
/// Spreads questions so that resolvers are not burdened: on the average at most so many a second, and never more than
/// a small burst at once (the generic cell rate algorithm).
/// </summary>
internal sealed class QueryPace(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextFree = -burst * TimeSpan.FromSeconds(1 / perSecond);

    /// <summary>Waits for a place.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        var wait = Reserve(time.GetElapsedTime(_start));
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, ct).ConfigureAwait(false);
    }

    /// <summary>Takes the next place.</summary>
    /// <param name="now">Time since the pace was made.</param>
    /// <returns>How long to wait before using it.</returns>
    internal TimeSpan Reserve(TimeSpan now)
    {
        lock (_lock)
        {
            var earliest = now - (burst - 1) * _interval;
            var place = _nextFree > earliest ? _nextFree : earliest;
            _nextFree = place + _interval;
            var wait = place - now;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
