using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing.Patterns;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>
/// What every request passes: transport, who is asking, and whether that person may. An endpoint that says neither
/// <see cref="RequiresAttribute"/> nor <see cref="OpenToAllAttribute"/> is refused to everybody, so that a forgotten
/// line closes a door instead of opening one.
/// </summary>
internal sealed class Gate(RequestDelegate next, ConsoleSettings settings, SessionCookie cookie, FlashCookie flash)
{
    public async Task InvokeAsync(HttpContext http, Viewer viewer, Sessions sessions, Accounts accounts)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is null)
        {
            await RecognizeAsync(http, viewer, sessions, accounts);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (IsOnlyPosted(endpoint))
        {
            LeadBack(http);
            return;
        }

        var requires = endpoint.Metadata.GetMetadata<RequiresAttribute>();
        var open = endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is not null;
        var isPage = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (requires is null && open && !isPage && !endpoint.Metadata.OfType<ConsoleActionMetadata>().Any())
        {
            await next(http); // Assets, health, metrics: no person involved.
            return;
        }

        if (!IsPrivateTransport(http))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            await http.Response.WriteAsync("The console is reached over TLS only: use its https address.\n", http.RequestAborted);
            return;
        }

        await RecognizeAsync(http, viewer, sessions, accounts);
        if (open)
            await next(http);
        else if (viewer.Account is null)
            AskForLogin(http);
        else if (requires is not null && viewer.May(requires.Permission))
            await next(http);
        else
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
    }

    private async Task RecognizeAsync(HttpContext http, Viewer viewer, Sessions sessions, Accounts accounts)
    {
        if (cookie.Read(http) is { } token
            && await sessions.FindAsync(token, http.RequestAborted, isUse: http.GetEndpoint()?.Metadata.GetMetadata<UnattendedAttribute>() is null) is { } session
            && await accounts.FindAsync(session.AccountId, http.RequestAborted) is { Disabled: false } account)
        {
            viewer.Session = session;
            viewer.Account = account;
            // Antiforgery ties its tokens to this identity: a form made for one person is refused from another.
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, account.Id)], "session"));
        }

        viewer.Language = Languages.Choose(viewer.Account?.Language, http.Request.Cookies[Languages.Cookie], http.Request.Headers.AcceptLanguage);
        viewer.Theme = Themes.Choose(viewer.Account?.Theme, http.Request.Cookies[Themes.Cookie]);
        if (HttpMethods.IsGet(http.Request.Method)) viewer.Flash = flash.Take(http);
    }

    // Plain HTTP never leaves the machine: where other machines can come in, they come over TLS or a trusted proxy's TLS.
    private bool IsPrivateTransport(HttpContext http) =>
        http.Request.IsHttps || (!settings.RequiresTls && http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address));

    // What routing answers with where a path exists, but not for this method; it carries no metadata of ours.
    private static bool IsOnlyPosted(Endpoint endpoint) => endpoint is { Metadata.Count: 0, DisplayName: "405 HTTP Method Not Supported" };

    // A form's address that is opened again (from the history, by a reload, after logging in) leads to the page the form was on.
    private static void LeadBack(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var pages = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(page => page.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(page => page.RoutePattern).ToList();
        var segments = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var length = segments.Length - 1;
        while (length > 0 && !pages.Exists(page => IsOf(page, segments.AsSpan(0, length)))) length--;
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = "/" + string.Join('/', segments.Take(Math.Max(0, length)).Select(Uri.EscapeDataString));
    }

    private static bool IsOf(RoutePattern page, ReadOnlySpan<string> segments)
    {
        if (page.PathSegments.Count != segments.Length) return false;
        for (var i = 0; i < segments.Length; i++)
        {
            if (page.PathSegments[i].Parts is [RoutePatternLiteralPart literal] && !string.Equals(literal.Content, segments[i], StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static void AskForLogin(HttpContext http)
    {
        var back = HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : "/";
        http.Response.Redirect(back is "/" ? "/login" : $"/login?back={Uri.EscapeDataString(back)}");
    }
}
