namespace Vigie.Console;

/// <summary>A cookie of the console: for this host alone, out of reach of scripts, over TLS wherever the console is.</summary>
/// <param name="settings">How the console is reached.</param>
/// <param name="name">Its name, without the prefix.</param>
/// <param name="lifetime">How long a browser keeps it; null until it is closed.</param>
internal sealed class HostCookie(ConsoleSettings settings, string name, TimeSpan? lifetime = null)
{
    // The prefix makes browsers refuse the cookie unless it came over TLS, for this host alone (RFC 6265bis §4.1.3.2).
    private string Name => settings.RequiresTls ? $"__Host-{name}" : name;

    public string? Read(HttpContext http) => http.Request.Cookies[Name] is { Length: > 0 } value ? value : null;

    public void Write(HttpContext http, string value) => http.Response.Cookies.Append(Name, value, Options());

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options());

    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        Secure = settings.RequiresTls,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
