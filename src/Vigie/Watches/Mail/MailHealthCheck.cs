using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;

namespace Vigie.Watches.Mail;

/// <summary>Says in which mode mail is judged, and warns of a bypass and of acts on held mail that cannot be carried out.</summary>
internal sealed class MailHealthCheck(MailMode mode, HeldMail held) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = mode.State;
        if (!mode.IsKnown) return HealthSaid.Worries("The mode has not been read from the store yet.", "Le mode n’a pas encore été lu du stockage.");
        if (state.Mode == Mode.Bypass) return HealthSaid.Worries(
            $"Bypass until {state.BypassUntil:u}: nothing is judged ({state.ChangedBy}: {state.Reason}).",
            $"Contournement jusqu’au {state.BypassUntil:u} : rien n’est vérifié ({state.ChangedBy} : {state.Reason}).");

        var stuck = (await held.OpenAsync(cancellationToken)).FirstOrDefault(row => row.Problem is not null);
        return stuck is null
            ? HealthSaid.Works($"Mode {state.Mode.ToString().ToLowerInvariant()}.", $"Mode {(state.Mode == Mode.Enforce ? "application" : "observation")}.")
            : HealthSaid.Worries($"An act on held message {stuck.QueueId} is not carried out: {stuck.Problem}", $"Un acte sur le courrier retenu {stuck.QueueId} n’est pas exécuté : {stuck.Problem}");
    }
}
