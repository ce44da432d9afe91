using Vigie.Console;
using Vigie.Governance;
using Vigie.Incidents.Notifications.Pages;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents.Notifications;

/// <summary>Mail and webhooks about incidents, and the page that shows what became of them.</summary>
internal static class NotificationsModule
{
    private const string Page = "/notifications";

    public static void AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<NotificationTable>();
        services.AddSingleton<NotificationMetrics>();
        services.AddStage<IncidentNotifier>();
        services.AddRetention(new RetentionRule(RetentionKind.Findings, "notification", "time", "id", only: "state IN (1, 2, 4)"));
        services.AddRetention(new RetentionRule(RetentionKind.Findings, "notification_told", "time", "id"));
        services.AddSingleton(new ConsolePage(Page, NotificationTexts.Title, Permission.ReadHealth, 95));
        services.AddSingleton(new JournalAct("incidents.notify-test", new("test notification sent", "notification d’essai envoyée")));
        services.AddHealthChecks().AddCheck<NotificationsHealth>("incidents.notify");
    }

    public static void MapNotifications(this IEndpointRouteBuilder routes) => routes.MapAction($"{Page}/test", Permission.ManageAccounts, TestAsync);

    private static async Task<ActionResult> TestAsync(ActionRequest request)
    {
        var name = request.Line("channel");
        if (request.Service<IncidentsSettings>().Notify.FirstOrDefault(channel => channel.Name == name) is not { } channel)
            return ActionResult.Refused(Page, NotificationTexts.NoSuchChannel);
        var test = new NotificationWriter(channel, request.Service<ConsoleLinks>().To).Test(request.Viewer.Name, request.Viewer.Now);
        var journal = request.Service<Journal>();
        await request.Service<Store.Store>().WriteAsync(
            Lane.Console,
            transaction =>
            {
                NotificationTable.Add(transaction, test);
                journal.Append(transaction, request.Viewer.Name, "incidents.notify-test", channel.Name, "");
            },
            request.Aborted);
        return ActionResult.Done(Page, NotificationTexts.TestRecorded);
    }
}
