namespace Vigie.Console;

/// <summary>The browser's half of a session.</summary>
internal sealed class SessionCookie(ConsoleSettings settings)
{
    // The prefix makes browsers refuse the cookie unless it came over TLS, for this host alone (RFC 6265bis §4.1.3.2).
    private string Name => settings.RequiresTls ? "__Host-vigie" : "vigie";

    public string? Read(HttpContext http) => http.Request.Cookies[Name] is { Length: > 0 and <= 100 } token ? token : null;

    // No expiry: the store decides when a session is over, and closing the browser forgets it.
    public void Write(HttpContext http, string token) => http.Response.Cookies.Append(Name, token, Options());

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options());

    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        Secure = settings.RequiresTls,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
