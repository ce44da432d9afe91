using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>What an administrator does to accounts.</summary>
internal static class AccountActions
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapAction("/accounts", Permission.ManageAccounts, AddAsync);
        routes.MapAction("/accounts/{id}/role", Permission.ManageAccounts, ChangeRoleAsync);
        routes.MapAction("/accounts/{id}/disable", Permission.ManageAccounts, request => SetDisabledAsync(request, true));
        routes.MapAction("/accounts/{id}/enable", Permission.ManageAccounts, request => SetDisabledAsync(request, false));
        routes.MapAction("/accounts/{id}/reset", Permission.ManageAccounts, ResetAsync);
        routes.MapAction("/accounts/{id}/link", Permission.ManageAccounts, NewLinkAsync);
    }

    private static async Task<ActionResult> AddAsync(ActionRequest request)
    {
        if (ReadRole(request) is not { } role) return ActionResult.Refused("/accounts", AccountPageTexts.RoleUnknown);
        var outcome = await request.Service<Accounts>().AddAsync(request.Line("name"), role, request.Viewer.Name, request.Aborted);
        if (outcome.Problem is { } problem) return ActionResult.Refused("/accounts", problem);
        return await GiveLinkAsync(request, outcome.Value!, "/accounts");
    }

    private static async Task<ActionResult> ChangeRoleAsync(ActionRequest request)
    {
        var here = Here(request);
        if (ReadRole(request) is not { } role) return ActionResult.Refused(here, AccountPageTexts.RoleUnknown);
        var problem = await request.Service<Accounts>().ChangeRoleAsync(request.Route("id"), role, request.Viewer.Name, request.Aborted);
        return Answer(here, problem, AccountPageTexts.RoleChanged);
    }

    private static async Task<ActionResult> SetDisabledAsync(ActionRequest request, bool disabled)
    {
        var here = Here(request);
        if (IsSelf(request)) return ActionResult.Refused(here, AccountPageTexts.NotYourself);
        var problem = await request.Service<Accounts>().SetDisabledAsync(request.Route("id"), disabled, request.Viewer.Name, request.Aborted);
        return Answer(here, problem, disabled ? AccountPageTexts.NowDisabled : AccountPageTexts.NowEnabled);
    }

    private static async Task<ActionResult> ResetAsync(ActionRequest request)
    {
        var here = Here(request);
        if (IsSelf(request)) return ActionResult.Refused(here, AccountPageTexts.NotYourself);
        var problem = await request.Service<Accounts>().ResetAsync(request.Route("id"), request.Viewer.Name, request.Aborted);
        return problem is { } refused ? ActionResult.Refused(here, refused) : await GiveLinkAsync(request, request.Route("id"), here);
    }

    // Only for somebody who has not chosen a password yet: for others this would be a quiet way into their account.
    private static async Task<ActionResult> NewLinkAsync(ActionRequest request)
    {
        var account = await request.Service<Accounts>().FindAsync(request.Route("id"), request.Aborted);
        if (account is null or { HasPassword: true } or { Disabled: true }) return ActionResult.Refused("/accounts", AccountTexts.NoSuchAccount);
        return await GiveLinkAsync(request, account.Id, Here(request));
    }

    private static async Task<ActionResult> GiveLinkAsync(ActionRequest request, string id, string location)
    {
        var token = await request.Service<AccountLinks>().IssuePasswordAsync(id, request.Aborted);
        return ActionResult.Done(location, AccountPageTexts.InviteDone, request.Service<ConsoleLinks>().To($"/password/{token}"));
    }

    private static ActionResult Answer(string location, Bilingual? problem, Bilingual done) =>
        problem is { } refused ? ActionResult.Refused(location, refused) : ActionResult.Done(location, done);

    private static Role? ReadRole(ActionRequest request) =>
        Enum.TryParse<Role>(request.Field("role"), out var role) && Enum.IsDefined(role) ? role : null;

    private static bool IsSelf(ActionRequest request) => request.Route("id") == request.Viewer.Account?.Id;

    private static string Here(ActionRequest request) => $"/accounts/{Uri.EscapeDataString(request.Route("id"))}";
}
