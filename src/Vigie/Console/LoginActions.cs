using Vigie.Engine;
using Vigie.Governance;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>Logging in and out, set-up, and choosing a password with a one-time link.</summary>
internal static class LoginActions
{
    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenAction("/login", LogInAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapOpenAction("/login/code", EnterCodeAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapOpenAction("/logout", LogOutAsync);
        routes.MapOpenAction("/setup/{token}", SetUpAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapOpenAction("/password/{token}", ChoosePasswordAsync).RequireRateLimiting(RateLimits.Login);
        routes.MapOpenAction("/preferences", PreferencesActions.SetAsync);
    }

    private static async Task<ActionResult> LogInAsync(ActionRequest request)
    {
        var (name, password, back) = (request.Line("name"), request.Field("password"), request.Back("/"));
        var again = back == "/" ? "/login" : $"/login?back={Uri.EscapeDataString(back)}";
        var log = Log(request);
        if (!request.Service<RateLimits>().MayTry(name))
        {
            log.LoginRefused(Client(request), "too many tries for one name");
            return ActionResult.Refused(again, AccountPageTexts.LoginPaused);
        }

        // Bounded before hashing; no password that was ever taken is longer.
        var known = password.Length <= 4 * PasswordRule.MaxLength
            ? await request.Service<Logins>().CheckAsync(name, password, request.Aborted)
            : null;
        if (known is null)
        {
            log.LoginRefused(Client(request), "name or password");
            return ActionResult.Refused(again, AccountPageTexts.LoginWrong);
        }

        if (!known.NeedsCode) return await OpenAsync(request, known.AccountId, known.Name, back);
        request.Service<PendingLogin>().Write(request.Http, known.AccountId, known.Name);
        return ActionResult.Go(back == "/" ? "/login/code" : $"/login/code?back={Uri.EscapeDataString(back)}");
    }

    private static async Task<ActionResult> EnterCodeAsync(ActionRequest request)
    {
        var back = request.Back("/");
        if (request.Service<PendingLogin>().Read(request.Http) is not var (accountId, name))
            return ActionResult.Refused("/login", AccountPageTexts.CodeTooLate);
        if (!request.Service<RateLimits>().MayTry(name))
            return ActionResult.Refused("/login", AccountPageTexts.LoginPaused);
        if (await request.Service<SecondFactor>().VerifyAsync(accountId, request.Line("code", 100), request.Aborted))
        {
            request.Service<PendingLogin>().Clear(request.Http);
            return await OpenAsync(request, accountId, name, back);
        }

        Log(request).LoginRefused(Client(request), "code");
        return ActionResult.Refused($"/login/code?back={Uri.EscapeDataString(back)}", AccountTexts.CodeWrong);
    }

    private static async Task<ActionResult> LogOutAsync(ActionRequest request)
    {
        if (request.Viewer is { Session: { } session, Account: { } account })
            await request.Service<Sessions>().CloseAsync(account.Id, session.Hash, request.Aborted);
        request.Service<SessionCookie>().Clear(request.Http);
        return ActionResult.Done("/login", AccountPageTexts.LoggedOut);
    }

    private static async Task<ActionResult> SetUpAsync(ActionRequest request)
    {
        var (token, name) = (request.Route("token"), request.Line("name"));
        var here = $"/setup/{Uri.EscapeDataString(token)}";
        if (!await request.Service<AccountLinks>().IsSetUpValidAsync(token, request.Aborted)) return ActionResult.Go(here);
        if ((AccountName.Problem(name) ?? NewPasswordProblem(request, name)) is { } problem) return ActionResult.Refused(here, problem);

        var outcome = await request.Service<AccountLinks>().RedeemSetUpAsync(token, name, request.Field("password"), request.Aborted);
        if (outcome.Problem is { } refused) return ActionResult.Refused(here, refused);
        return await OpenAsync(request, outcome.Value!, AccountName.Tidy(name), "/", AccountPageTexts.SetUpDone);
    }

    private static async Task<ActionResult> ChoosePasswordAsync(ActionRequest request)
    {
        var token = request.Route("token");
        var here = $"/password/{Uri.EscapeDataString(token)}";
        if (await request.Service<AccountLinks>().FindPasswordNameAsync(token, request.Aborted) is not { } name) return ActionResult.Go(here);
        if (NewPasswordProblem(request, name) is { } problem) return ActionResult.Refused(here, problem);

        var outcome = await request.Service<AccountLinks>().RedeemPasswordAsync(token, request.Field("password"), request.Aborted);
        if (outcome.Problem is { } refused) return ActionResult.Refused(here, refused);

        var account = await request.Service<Accounts>().FindAsync(outcome.Value!, request.Aborted);
        // A link proves who may choose a password, not who holds the device: with a second factor, the login asks for it.
        return account is { HasSecondFactor: false }
            ? await OpenAsync(request, account.Id, name, "/", AccountPageTexts.PasswordSet)
            : ActionResult.Done("/login", AccountPageTexts.PasswordSet);
    }

    /// <summary>What is wrong with the two fields of a new password; null where nothing is.</summary>
    internal static Bilingual? NewPasswordProblem(ActionRequest request, string accountName)
    {
        var password = request.Field("password");
        return PasswordRule.Problem(password, accountName)
            ?? (password == request.Field("again") ? null : AccountPageTexts.PasswordsDiffer);
    }

    private static async Task<ActionResult> OpenAsync(ActionRequest request, string accountId, string name, string location, Bilingual? say = null)
    {
        var sessions = request.Service<Sessions>();
        // The session this browser had, if any, ends here: nothing planted before the login survives it.
        if (request.Viewer.Session is { } before) await sessions.CloseAsync(before.AccountId, before.Hash, request.Aborted);
        var token = await sessions.OpenAsync(accountId, Client(request), request.Http.Request.Headers.UserAgent.ToString(), request.Aborted);
        request.Service<SessionCookie>().Write(request.Http, token);
        Log(request).LoggedIn(name, Client(request));
        return say is { } text ? ActionResult.Done(location, text) : ActionResult.Go(location);
    }

    private static string Client(ActionRequest request) => request.Http.Connection.RemoteIpAddress?.ToString() ?? "?";

    private static ILogger Log(ActionRequest request) => request.Service<ILoggerFactory>().CreateLogger("Vigie.Console.Login");
}
