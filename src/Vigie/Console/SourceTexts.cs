using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What is said of the sources of watches.</summary>
internal static class SourceTexts
{
    public static readonly Bilingual Trouble = new("Sources that fail", "Sources en échec");
    public static readonly Bilingual Source = new("Source", "Source");
    public static readonly Bilingual State = new("State", "État");
    public static readonly Bilingual LastReceived = new("Last event received", "Dernier événement reçu");
    public static readonly Bilingual Lag = new("Lag", "Retard");
    public static readonly Bilingual Behind = new("Still to read", "Reste à lire");
    public static readonly Bilingual Lost = new("Lost", "Perdus");
    public static readonly Bilingual Now = new("What needs you now", "Ce qui vous attend");
    public static readonly Bilingual LastDay = new("Last 24 hours", "Dernières 24 heures");
    public static readonly Bilingual SourcesAndHealth = new("Sources and health", "Sources et santé");

    public static Bilingual Name(SourceState state) => state switch
    {
        SourceState.Good => new("good", "bonne"),
        SourceState.Waiting => new("nothing yet", "encore rien"),
        SourceState.Silent => new("silent", "muette"),
        SourceState.Losing => new("loses messages", "perd des messages"),
        _ => new("failing", "en échec"),
    };

    public static string Class(SourceState state) => state switch
    {
        SourceState.Good => "ok",
        SourceState.Waiting => "",
        SourceState.Failing => "danger",
        _ => "warn",
    };
}
