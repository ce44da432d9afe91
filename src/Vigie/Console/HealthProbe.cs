using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Console;

/// <summary>Asks every health check, with a limit: a page about health must not hang with what it reports on.</summary>
internal sealed class HealthProbe(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The report; null where the checks did not answer in time.</summary>
    public async Task<HealthReport?> AskAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await checks.CheckHealthAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
