using Vigie.Console;
using Vigie.Governance;
using Vigie.Watches.Logs.Pages.Explaining;

namespace Vigie.Watches.Logs.Pages;

/// <summary>The log watch's pages: what they add to the console, and their actions.</summary>
internal static class LogPages
{
    public static IServiceCollection AddLogPages(this IServiceCollection services)
    {
        services.AddSingleton(new ConsolePage("/logs", LogTexts.Sources, Permission.ReadFindings, 60, 'i'));
        services.AddSingleton(new ConsolePage("/rules", LogTexts.Rules, Permission.ReadFindings, 61, 'u'));
        services.AddSingleton(new ConsolePage("/coverage", LogTexts.Coverage, Permission.ReadFindings, 62, 'c'));
        services.AddSingleton(new FindingPanel(typeof(FindingRule), Permission.ReadFindings, finding => finding.Detector is LogFindings.Sigma or LogFindings.Correlation));
        services.AddSingleton<ISourceReports, LogSourceReports>();
        services.AddSingleton(new RuleAddress(LogFindings.Sigma, RuleActions.AddressOf));
        services.AddSingleton(new RuleAddress(LogFindings.Correlation, RuleActions.AddressOf));
        services.AddSingleton<RuleOverview>();
        services.AddSingleton<PastedEvents>();
        foreach (var act in LogTexts.JournalActs) services.AddSingleton(act);
        return services;
    }

    public static void MapLogPages(this IEndpointRouteBuilder routes) => routes.MapRuleActions();
}
