using Vigie.Console;
using Vigie.Governance;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>What people do with incidents, and what is told of rules: services, pages, actions.</summary>
internal static class DeskModule
{
    public static IServiceCollection AddDesk(this IServiceCollection services)
    {
        services.AddSingleton(provider => new DeskRows(provider.GetRequiredService<Store.Store>(), provider.GetRequiredService<Placing.IncidentSummaries>()));
        services.AddSingleton<IncidentDesk>();
        services.AddStage<ScoreUpkeep>();
        services.AddSingleton<Suppressions>();
        services.AddSingleton<SuppressionDesk>();
        services.AddSingleton<RulePrecision>();
        services.AddSingleton<RuleRecords>();
        services.AddSingleton(new ConsolePage("/records", RecordTexts.Title, Permission.ReadIncidents, 8, 'b'));
        services.AddSingleton(new ConsolePage("/suppressions", SuppressionTexts.Title, Permission.ReadIncidents, 9, 'x'));
        services.AddSingleton(new OverviewPanel(typeof(SuppressionSummary), Permission.ReadIncidents, 80));
        services.AddSingleton(new FindingPanel(typeof(Pages.FindingIncident), Permission.ReadIncidents, _ => true));
        services.AddSingleton(new FindingPanel(typeof(FindingRecord), Permission.ReadIncidents, _ => true));
        services.AddSingleton(new RulePanel(typeof(RuleSoFar), Permission.ReadIncidents, 10));
        services.AddSingleton(new RetentionRule(RetentionKind.Findings, "suppressed_finding", "time", "finding_id"));
        foreach (var act in DeskTexts.JournalActs) services.AddSingleton(act);
        return services;
    }

    public static void MapDeskPages(this IEndpointRouteBuilder routes)
    {
        routes.MapDesk();
        routes.MapSuppressions();
    }
}
