using Vigie.Governance;

namespace Vigie.Console;

/// <summary>What people do to their own account.</summary>
internal static class ProfileActions
{
    private const string Page = "/profile";

    public static void MapProfile(this IEndpointRouteBuilder routes)
    {
        routes.MapAction("/profile/display", Permission.ManageOwnAccount, SetDisplayAsync);
        routes.MapAction("/profile/password", Permission.ManageOwnAccount, ChangePasswordAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapAction("/profile/second-factor/begin", Permission.ManageOwnAccount, BeginSecondFactorAsync);
        routes.MapAction("/profile/second-factor/confirm", Permission.ManageOwnAccount, ConfirmSecondFactorAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapAction("/profile/second-factor/remove", Permission.ManageOwnAccount, RemoveSecondFactorAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapAction("/profile/sessions/end", Permission.ManageOwnAccount, EndSessionAsync);
        routes.MapAction("/profile/sessions/end-others", Permission.ManageOwnAccount, EndOtherSessionsAsync);
    }

    private static async Task<ActionResult> SetDisplayAsync(ActionRequest request)
    {
        await PreferencesActions.SetAsync(request);
        return ActionResult.Done(Page, AccountPageTexts.DisplaySaved);
    }

    private static async Task<ActionResult> ChangePasswordAsync(ActionRequest request)
    {
        var account = request.Viewer.Account!;
        if (LoginActions.NewPasswordProblem(request, account.Name) is { } problem) return ActionResult.Refused(Page, problem);
        if (!request.Service<RateLimits>().MayTry(account.Name)) return ActionResult.Refused(Page, AccountPageTexts.LoginPaused);

        var refused = await request.Service<Accounts>().ChangePasswordAsync(
            account.Id, request.Field("current"), request.Field("password"), request.Viewer.Session!.Hash, request.Aborted);
        return refused is { } why ? ActionResult.Refused(Page, why) : ActionResult.Done(Page, AccountPageTexts.PasswordChanged);
    }

    private static async Task<ActionResult> BeginSecondFactorAsync(ActionRequest request)
    {
        if (await IsWrongPasswordAsync(request)) return ActionResult.Refused(Page, AccountTexts.CurrentPasswordWrong);
        await request.Service<SecondFactor>().BeginAsync(request.Viewer.Account!.Id, request.Aborted);
        return ActionResult.Go($"{Page}/second-factor");
    }

    private static async Task<ActionResult> ConfirmSecondFactorAsync(ActionRequest request)
    {
        var outcome = await request.Service<SecondFactor>().ConfirmAsync(request.Viewer.Account!.Id, request.Line("code", 100), request.Aborted);
        return outcome.Problem is { } problem
            ? ActionResult.Refused($"{Page}/second-factor", problem)
            : ActionResult.Done(Page, AccountPageTexts.TurnedOn, outcome.Value!);
    }

    private static async Task<ActionResult> RemoveSecondFactorAsync(ActionRequest request)
    {
        if (await IsWrongPasswordAsync(request)) return ActionResult.Refused(Page, AccountTexts.CurrentPasswordWrong);
        await request.Service<SecondFactor>().RemoveAsync(request.Viewer.Account!.Id, request.Aborted);
        return ActionResult.Done(Page, AccountPageTexts.TurnedOff);
    }

    private static async Task<ActionResult> EndSessionAsync(ActionRequest request)
    {
        await request.Service<Sessions>().CloseAsync(request.Viewer.Account!.Id, request.Line("session"), request.Aborted);
        return ActionResult.Done(Page, AccountPageTexts.SessionEnded);
    }

    private static async Task<ActionResult> EndOtherSessionsAsync(ActionRequest request)
    {
        await request.Service<Sessions>().CloseOthersAsync(request.Viewer.Account!.Id, request.Viewer.Session!.Hash, request.Aborted);
        return ActionResult.Done(Page, AccountPageTexts.OthersEnded);
    }

    // An unattended browser must not be enough to bind somebody else's device to the account, or to take the factor off.
    private static async Task<bool> IsWrongPasswordAsync(ActionRequest request)
    {
        var name = request.Viewer.Name;
        return !request.Service<RateLimits>().MayTry(name)
            || await request.Service<Logins>().CheckAsync(name, request.Field("current"), request.Aborted) is null;
    }
}
