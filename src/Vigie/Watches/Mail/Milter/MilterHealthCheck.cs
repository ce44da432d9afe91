using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Whether MTAs can connect: healthy while every listener is open and there is room for another session.</summary>
internal sealed class MilterHealthCheck(MilterServer server, MilterSettings settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var addresses = string.Join(", ", server.EndPoints);
        var result = (server.Listening, server.Sessions) switch
        {
            (false, _) => HealthSaid.Fails("The milter is not listening.", "Le milter n’écoute pas."),
            (true, var open) when open > settings.Limits.Sessions => HealthSaid.Worries(
                $"{open} connections; those beyond {settings.Limits.Sessions} are answered by the policy on failure.",
                $"{open} connexions ; celles au-delà de {settings.Limits.Sessions} reçoivent la réponse prévue en cas de panne."),
            (true, var open) => HealthSaid.Works(
                $"Listening on {addresses}; {open} {(open == 1 ? "connection" : "connections")}.",
                $"À l’écoute sur {addresses} ; {open} {(open <= 1 ? "connexion" : "connexions")}."),
        };
        return Task.FromResult(result);
    }
}
