namespace Vigie.Console;

/// <summary>The browser's half of a session.</summary>
internal sealed class SessionCookie(ConsoleSettings settings)
{
    private const int MaxToken = 100;

    // No expiry: the store decides when a session is over, and closing the browser forgets it.
    private readonly HostCookie _cookie = new(settings, "vigie");

    public string? Read(HttpContext http) => _cookie.Read(http) is { Length: <= MaxToken } token ? token : null;

    public void Write(HttpContext http, string token) => _cookie.Write(http, token);

    public void Clear(HttpContext http) => _cookie.Clear(http);
}
