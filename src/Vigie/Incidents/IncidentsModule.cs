using Vigie.Console;
using Vigie.Governance;
using Vigie.Incidents.Case;
using Vigie.Incidents.Desk;
using Vigie.Incidents.Next;
using Vigie.Incidents.Notifications;
using Vigie.Incidents.Placing;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents;

/// <summary>Findings of all watches joined to incidents, and what analysts do with them.</summary>
internal static class IncidentsModule
{
    public static IServiceCollection AddIncidents(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings.Incidents);
        services.AddSingleton<IncidentTable>();
        services.AddSingleton<IncidentChanges>();
        services.AddDesk();
        services.AddSingleton<IncidentCases>();
        services.AddSingleton<ProcessNames>();
        services.AddSingleton<CaseExports>();
        services.AddSingleton(CaseExports.JournalAct);
        services.AddSingleton<NextTechniques>();
        services.AddSingleton(new IncidentPanel(typeof(NextTechniquesPanel), Permission.ReadIncidents, 40));
        services.AddPlacing();
        services.AddNotifications();
        return services;
    }

    /// <summary>What turns findings into incidents.</summary>
    internal static IServiceCollection AddPlacing(this IServiceCollection services)
    {
        services.AddSingleton<ImitatedNames>();
        services.AddSingleton<PlacerState>();
        services.AddSingleton<IncidentSummaries>();
        services.AddSingleton<PlacingReads>();
        services.AddSingleton<PlacingWrites>();
        services.AddRetention(new RetentionRule(RetentionKind.Incidents, "incident", "changed_at", only: "touched_at IS NULL OR status IN (3, 4)"));
        services.AddStage<IncidentPlacer>();
        services.AddHealthChecks().AddCheck<PlacerHealth>("incidents");
        return services;
    }

    /// <summary>What people do with incidents, as forms.</summary>
    public static void MapIncidents(this IEndpointRouteBuilder routes)
    {
        routes.MapDeskPages();
        routes.MapCaseExports();
        routes.MapNotifications();
    }
}
