using Vigie.Console;
using Vigie.Governance;
using Vigie.Incidents.Search;
using Vigie.Operations;

namespace Vigie.Incidents.Pages;

/// <summary>The analyst's way in: inbox, search and entities; what they add to the console, and their actions.</summary>
internal static class InboxPages
{
    /// <summary>Where the inbox is.</summary>
    public const string List = "/incidents";

    public static IServiceCollection AddInboxPages(this IServiceCollection services)
    {
        services.AddSingleton(new ConsolePage(List, InboxTexts.Title, Permission.ReadIncidents, 1, 'n', CountNewAsync));
        services.AddSingleton(new OverviewPanel(typeof(OverviewIncidents), Permission.ReadIncidents, 5));
        services.AddSingleton(new OverviewPanel(typeof(OverviewDay), Permission.ReadFindings, 30));
        services.AddSingleton<SavedFilters>();
        services.AddSingleton<InboxFigures>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<EntityView>();
        services.AddStage<SearchIndexer>();
        services.AddSingleton<LiveStreams>();
        return services;
    }

    public static void MapInboxPages(this IEndpointRouteBuilder routes)
    {
        routes.MapAction($"{List}/filters", Permission.ReadIncidents, SaveFilterAsync);
        routes.MapAction($"{List}/filters/delete", Permission.ReadIncidents, DeleteFilterAsync);
        routes.MapGet("/live", LiveStreams.ServeAsync).WithMetadata(new RequiresAttribute(Permission.ReadIncidents), new UnattendedAttribute());
    }

    private static async Task<int> CountNewAsync(IServiceProvider services, CancellationToken ct) =>
        (int)Math.Min(int.MaxValue, await services.GetRequiredService<InboxFigures>().CountNewAsync(ct));

    private static async Task<ActionResult> SaveFilterAsync(ActionRequest request)
    {
        var (name, query) = (request.Line("name", SavedFilters.MaxName), request.Line("query", 2000));
        // What is kept is read first, so that it is a filter and nothing else.
        var filter = InboxFilter.Read(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)));
        if (name.Length == 0) return ActionResult.Refused(filter.Address(), InboxTexts.FilterNameMissing);
        var saved = await request.Service<SavedFilters>().SaveAsync(request.Viewer.Account!.Id, name, filter.ToSaved(), request.Aborted);
        return saved ? ActionResult.Done(filter.Address(), InboxTexts.FilterSaved) : ActionResult.Refused(filter.Address(), InboxTexts.TooManyFilters);
    }

    private static async Task<ActionResult> DeleteFilterAsync(ActionRequest request)
    {
        if (Query.Number(request.Line("id")) is { } id)
            await request.Service<SavedFilters>().DeleteAsync(request.Viewer.Account!.Id, id, request.Aborted);
        return ActionResult.Done(request.Back(List), InboxTexts.FilterDeleted);
    }
}
