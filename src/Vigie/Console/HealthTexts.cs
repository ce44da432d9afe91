using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Engine;

namespace Vigie.Console;

internal static class HealthTexts
{
    public static readonly Bilingual AllWell = new("Everything works.", "Tout fonctionne.");
    public static readonly Bilingual SomeDegraded = new("Works, but something needs attention.", "Fonctionne, mais quelque chose demande attention.");
    public static readonly Bilingual SomeFailed = new("Something does not work.", "Quelque chose ne fonctionne pas.");
    public static readonly Bilingual Healthy = new("works", "fonctionne");
    public static readonly Bilingual Degraded = new("attention", "attention");
    public static readonly Bilingual Unhealthy = new("fails", "en panne");
    public static readonly Bilingual Part = new("Part", "Élément");
    public static readonly Bilingual State = new("State", "État");
    public static readonly Bilingual Detail = new("Detail", "Détail");
    public static readonly Bilingual TheNode = new("This node", "Ce nœud");
    public static readonly Bilingual Version = new("Version", "Version");
    public static readonly Bilingual Runtime = new("Runtime", "Environnement");
    public static readonly Bilingual Running = new("Running for", "En marche depuis");
    public static readonly Bilingual Memory = new("Memory", "Mémoire");
    public static readonly Bilingual StoreSize = new("Store", "Stockage");
    public static readonly Bilingual DataFolder = new("Data folder", "Dossier de données");
    public static readonly Bilingual Listening = new("Listening", "À l’écoute");
    public static readonly Bilingual NoAnswer = new(
        "The checks did not answer in time.", "Les vérifications n’ont pas répondu à temps.");
    public static readonly Bilingual AllDetails = new("All details", "Tous les détails");
    public static readonly Bilingual Free = new("free on the disk", "libres sur le disque");

    public static Bilingual Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Healthy,
        HealthStatus.Degraded => Degraded,
        _ => Unhealthy,
    };

    public static string Class(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "warn",
        _ => "danger",
    };

    public static Bilingual Summary(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => AllWell,
        HealthStatus.Degraded => SomeDegraded,
        _ => SomeFailed,
    };
}
