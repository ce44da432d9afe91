using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Vigie.Console;

/// <summary>
/// The time between a right password and a right code: a sealed cookie of five minutes that says whose password it was.
/// It opens nothing by itself.
/// </summary>
internal sealed class PendingLogin(IDataProtectionProvider protection, ConsoleSettings settings)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("pending-login").ToTimeLimitedDataProtector();

    private string Name => settings.RequiresTls ? "__Host-vigie-login" : "vigie-login";

    public void Write(HttpContext http, string accountId, string accountName) =>
        http.Response.Cookies.Append(Name, _seal.Protect(JsonSerializer.Serialize<string[]>([accountId, accountName]), Lifetime), Options());

    public (string AccountId, string AccountName)? Read(HttpContext http)
    {
        if (http.Request.Cookies[Name] is not { Length: > 0 } value) return null;
        try
        {
            return JsonSerializer.Deserialize<string[]>(_seal.Unprotect(value)) is [var id, var name] ? (id, name) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options());

    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        Secure = settings.RequiresTls,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = Lifetime,
        IsEssential = true,
    };
}
