using Vigie.Console;
using Vigie.Governance;
using Vigie.Watches.Logs.Pages.Explaining;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pages;

/// <summary>Muting rules, and trying them on pasted events.</summary>
internal static class RuleActions
{
    private const string List = "/rules";

    public static void MapRuleActions(this IEndpointRouteBuilder routes)
    {
        routes.MapAction($"{List}/mute", Permission.MuteRules, MuteAsync);
        routes.MapAction($"{List}/unmute", Permission.MuteRules, UnmuteAsync);
        routes.MapAction($"{List}/explain", Permission.ReadFindings, ExplainAsync);
    }

    /// <summary>The address of a rule's page.</summary>
    public static string AddressOf(string id) => $"{List}/{Uri.EscapeDataString(id)}";

    private static async Task<ActionResult> MuteAsync(ActionRequest request)
    {
        if (request.Service<RuleLibrary>().Current.Find(request.Line("rule")) is not { } rule) return ActionResult.Refused(List, LogTexts.NoSuchRule);
        var here = AddressOf(rule.Id);
        var reason = request.Line("reason");
        if (reason.Length == 0) return ActionResult.Refused(here, ShellTexts.ReasonMissing);
        if (LengthOf(request.Line("for")) is not { } length) return ActionResult.Refused(here, LogTexts.NotALength);
        await request.Service<RuleMutes>().MuteAsync(rule.Id, request.Viewer.Name, reason, length, request.Aborted);
        return ActionResult.Done(here, LogTexts.NowMuted);
    }

    // A rule that is no longer in use can still be unmuted: it may come back.
    private static async Task<ActionResult> UnmuteAsync(ActionRequest request)
    {
        var (rule, reason) = (request.Line("rule"), request.Line("reason"));
        if (rule.Length == 0) return ActionResult.Refused(List, LogTexts.NoSuchRule);
        if (reason.Length == 0) return ActionResult.Refused(AddressOf(rule), ShellTexts.ReasonMissing);
        await request.Service<RuleMutes>().UnmuteAsync(rule, request.Viewer.Name, reason, request.Aborted);
        return ActionResult.Done(AddressOf(rule), LogTexts.NowUnmuted);
    }

    private static Task<ActionResult> ExplainAsync(ActionRequest request)
    {
        var here = AddressOf(request.Line("rule"));
        var text = request.Field("event");
        if (string.IsNullOrWhiteSpace(text)) return Task.FromResult(ActionResult.Refused(here, LogTexts.NothingPasted));
        var token = request.Service<PastedEvents>().Keep(request.Viewer.Name, text);
        return Task.FromResult(ActionResult.Go($"{here}?event={token}#explained"));
    }

    private static TimeSpan? LengthOf(string choice) => choice switch
    {
        "1d" => TimeSpan.FromDays(1),
        "7d" => TimeSpan.FromDays(7),
        "30d" => TimeSpan.FromDays(30),
        "90d" => TimeSpan.FromDays(90),
        _ => null,
    };
}
