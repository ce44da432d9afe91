using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>Warns while there is still time to renew.</summary>
internal sealed class CertificateHealth(CertificateFiles certificate, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var left = certificate.Expires - time.GetUtcNow();
        var day = $"{certificate.Expires:yyyy-MM-dd}";
        var (english, french) = ($"the console's certificate expires on {day}", $"le certificat de la console expire le {day}");
        return Task.FromResult(left <= TimeSpan.Zero ? HealthSaid.Fails($"the console's certificate expired on {day}", $"le certificat de la console a expiré le {day}")
            : left < WarnBefore ? HealthSaid.Worries(english, french)
            : HealthSaid.Works(english, french));
    }
}
