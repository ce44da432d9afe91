using Vigie.Engine;

namespace Vigie.Watches.Logs.Pages;

/// <summary>What pages say of correlations.</summary>
internal static class CorrelationTexts
{
    public static readonly Bilingual Correlation = new("correlation", "corrélation");
    public static readonly Bilingual ShowCorrelations = new("correlations", "les corrélations");
    public static readonly Bilingual OnlyCounted = new("only counted", "seulement comptée");
    public static readonly Bilingual OnlyCountedHow = new(
        "What it matches is counted by the correlations below and is no finding of its own.",
        "Ce qu’elle relève est compté par les corrélations ci-dessous et n’est pas un constat à part.");
    public static readonly Bilingual AlsoCounted = new(
        "What it matches is also counted by these correlations.",
        "Ce qu’elle relève est aussi compté par ces corrélations.");
    public static readonly Bilingual CountedIn = new("Counted by", "Comptée par");

    public static readonly Bilingual Asks = new("What it counts", "Ce qu’elle compte");
    public static readonly Bilingual Kind = new("Kind", "Sorte");
    public static readonly Bilingual Condition = new("Comes true when", "Se déclenche quand");
    public static readonly Bilingual Within = new("Within", "En l’espace de");
    public static readonly Bilingual Sliding = new("any stretch of this length", "toute période de cette durée");
    public static readonly Bilingual Tumbling = new("periods of this length, one after the other", "périodes de cette durée, l’une après l’autre");
    public static readonly Bilingual Apart = new("Apart for each", "Séparément pour chaque");
    public static readonly Bilingual Together = new("all events together", "tous les événements ensemble");
    public static readonly Bilingual Judged = new("Judged", "Jugée");
    public static readonly Bilingual AtOnce = new("with each event", "à chaque événement");
    public static readonly Bilingual AtTheEnd = new("when the time is over", "une fois la durée écoulée");
    public static readonly Bilingual RulesOf = new("Events of these rules", "Les événements de ces règles");
    public static readonly Bilingual RulesInOrder = new("Events of these rules, in this order", "Les événements de ces règles, dans cet ordre");
}
