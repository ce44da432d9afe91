using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Engine;

namespace Vigie.Operations;

/// <summary>Answers of health checks in both languages: English is the description, French is in the data under <c>fr</c>.</summary>
internal static class HealthSaid
{
    private const string French = "fr";

    /// <summary>All is well.</summary>
    public static HealthCheckResult Works(string english, string french) => HealthCheckResult.Healthy(english, Data(french));

    /// <summary>It works, but somebody should look.</summary>
    public static HealthCheckResult Worries(string english, string french) => HealthCheckResult.Degraded(english, data: Data(french));

    /// <summary>It does not work.</summary>
    public static HealthCheckResult Fails(string english, string french) => HealthCheckResult.Unhealthy(english, data: Data(french));

    /// <summary>What a check answered; empty where it said nothing.</summary>
    public static Bilingual Of(HealthReportEntry entry)
    {
        var english = entry.Description ?? entry.Exception?.Message ?? "";
        return new Bilingual(english, entry.Data.TryGetValue(French, out var french) && french is string text ? text : english);
    }

    private static Dictionary<string, object> Data(string french) => new(StringComparer.Ordinal) { [French] = french };
}
