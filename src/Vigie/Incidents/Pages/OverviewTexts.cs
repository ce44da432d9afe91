using Vigie.Engine;

namespace Vigie.Incidents.Pages;

/// <summary>What incidents and findings add to the overview.</summary>
internal static class OverviewTexts
{
    public static readonly Bilingual AllOpen = new("All open incidents", "Tous les incidents ouverts");
    public static readonly Bilingual Opened = new("Incidents opened", "Incidents ouverts");
    public static readonly Bilingual Closed = new("Incidents closed", "Incidents clos");
    public static readonly Bilingual Suppressed = new("Findings suppressed", "Constats supprimés des listes");
    public static readonly Bilingual ByHour = new("Findings by hour and severity", "Constats par heure et gravité");
    public static readonly Bilingual AsTable = new("As a table", "Sous forme de tableau");
    public static readonly Bilingual Hour = new("Hour", "Heure");
}
