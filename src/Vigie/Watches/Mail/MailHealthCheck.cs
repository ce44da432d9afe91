using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Watches.Mail;

/// <summary>Says in which mode mail is judged, and warns of a bypass and of acts on held mail that cannot be carried out.</summary>
internal sealed class MailHealthCheck(MailMode mode, HeldMail held) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = mode.State;
        if (!mode.IsKnown) return HealthCheckResult.Degraded("The mode has not been read from the store yet.");
        if (state.Mode == Mode.Bypass) return HealthCheckResult.Degraded($"Bypass until {state.BypassUntil:u}: nothing is judged ({state.ChangedBy}: {state.Reason}).");

        var stuck = (await held.OpenAsync(cancellationToken)).FirstOrDefault(row => row.Problem is not null);
        return stuck is null
            ? HealthCheckResult.Healthy($"Mode {state.Mode.ToString().ToLowerInvariant()}.")
            : HealthCheckResult.Degraded($"An act on held message {stuck.QueueId} is not carried out: {stuck.Problem}");
    }
}
