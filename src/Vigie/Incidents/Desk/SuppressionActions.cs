using System.Globalization;
using Vigie.Console;
using Vigie.Governance;

namespace Vigie.Incidents.Desk;

/// <summary>Making and ending suppressions.</summary>
internal static class SuppressionActions
{
    public const string List = "/suppressions";

    public static void MapSuppressions(this IEndpointRouteBuilder routes)
    {
        routes.MapAction(List, Permission.Suppress, AddAsync);
        routes.MapAction($"{List}/{{id}}/end", Permission.Suppress, EndAsync);
    }

    /// <summary>The address of a suppression.</summary>
    public static string AddressOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{List}/{id}");

    private static async Task<ActionResult> AddAsync(ActionRequest request)
    {
        var form = SuppressionForm.Read(name => request.Line(name, SuppressionDesk.MaxText));
        var desk = request.Service<SuppressionDesk>();
        if (form.Kind is null != form.Value is null) return ActionResult.Refused(form.Address, SuppressionTexts.HalfEntity);
        var draft = await form.ToDraftAsync(desk, request.Service<ConsoleSettings>().TimeZone, request.Aborted);
        var outcome = await desk.AddAsync(draft, request.Viewer.Name, request.Field("sure") == "yes", request.Aborted);
        return outcome.Problem is { } problem
            ? ActionResult.Refused(form.Address, problem)
            : ActionResult.Done(AddressOf(outcome.Value), SuppressionTexts.Made);
    }

    private static async Task<ActionResult> EndAsync(ActionRequest request)
    {
        if (Query.Number(request.Route("id")) is not { } id) return ActionResult.Refused(List, SuppressionTexts.IsOver);
        var problem = await request.Service<SuppressionDesk>().EndAsync(id, request.Viewer.Name, request.Line("reason", SuppressionDesk.MaxText), request.Aborted);
        return problem is { } why ? ActionResult.Refused(AddressOf(id), why) : ActionResult.Done(AddressOf(id), SuppressionTexts.NowEnded);
    }
}
