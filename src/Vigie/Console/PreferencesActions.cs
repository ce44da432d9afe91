using Vigie.Governance;

namespace Vigie.Console;

/// <summary>Language and theme: kept in cookies, and with the account of somebody logged in.</summary>
internal static class PreferencesActions
{
    public static async Task<ActionResult> SetAsync(ActionRequest request)
    {
        var (language, theme) = (request.Field("language"), request.Field("theme"));
        var account = request.Viewer.Account;
        var keptLanguage = account?.Language;
        var keptTheme = account?.Theme;
        if (language.Length > 0)
        {
            keptLanguage = Languages.IsKnown(language) ? language : null;
            Keep(request, Languages.Cookie, keptLanguage);
        }

        if (theme.Length > 0)
        {
            keptTheme = Themes.IsKnown(theme) ? theme : null;
            Keep(request, Themes.Cookie, keptTheme);
        }

        if (account is not null)
            await request.Service<Accounts>().SetPreferencesAsync(account.Id, keptLanguage, keptTheme, request.Aborted);
        return ActionResult.Go(request.Back("/"));
    }

    private static void Keep(ActionRequest request, string cookie, string? value)
    {
        var options = new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = request.Http.Request.IsHttps,
            HttpOnly = true,
            IsEssential = true,
        };
        if (value is null) request.Http.Response.Cookies.Delete(cookie, options);
        else request.Http.Response.Cookies.Append(cookie, value, options);
    }
}
