using Vigie.Console;
using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Watches.Mail.Pages;

/// <summary>The mail watch's pages: what they add to the console, and their actions.</summary>
internal static class MailPages
{
    public static IServiceCollection AddMailPages(this IServiceCollection services)
    {
        services.AddSingleton(new RuleName(LookalikeRecipient.Id, LookalikeRecipient.Id, new Bilingual("Mail to a look-alike domain", "Courriel vers un domaine sosie")));
        services.AddSingleton(new ConsolePage("/held", MailTexts.HeldMail, Permission.ReadHeldMail, 10, 'h', CountWaitingAsync));
        services.AddSingleton(new ConsolePage("/decisions", MailTexts.Decisions, Permission.ReadDecisions, 20, 'd'));
        services.AddSingleton(new ConsolePage("/relationships", MailTexts.Relationships, Permission.ReadRelationships, 50, 'r'));
        services.AddSingleton(new ConsolePage("/mode", MailTexts.ModeTitle, Permission.SwitchMode, 100, 'm'));
        services.AddSingleton(new ConsoleBanner(typeof(ModeBanner)));
        services.AddSingleton(new OverviewPanel(typeof(MailWaiting), Permission.ReadHeldMail, 10));
        services.AddSingleton(new OverviewPanel(typeof(MailOverview), Permission.ReadDecisions, 40));
        services.AddSingleton<ISourceReports, MailSourceReports>();
        services.AddSingleton<DailyDecisions>();
        foreach (var act in MailTexts.JournalActs) services.AddSingleton(act);
        return services;
    }

    public static void MapMailPages(this IEndpointRouteBuilder routes)
    {
        routes.MapHeldActions();
        routes.MapRelationshipActions();
        routes.MapAction("/mode", Permission.SwitchMode, ModeActions.SwitchAsync);
        routes.MapOpenAction("/insist/{token}", InsistActions.ConfirmAsync).RequireRateLimiting(RateLimits.OneTimeLink);
    }

    private static async Task<int> CountWaitingAsync(IServiceProvider services, CancellationToken ct) =>
        (int)Math.Min(int.MaxValue, await services.GetRequiredService<HeldMail>().CountWaitingAsync(ct));
}
