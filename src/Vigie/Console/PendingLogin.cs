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

    private readonly HostCookie _cookie = new(settings, "vigie-login", Lifetime);

    public void Write(HttpContext http, string accountId, string accountName) =>
        _cookie.Write(http, _seal.Protect(JsonSerializer.Serialize<string[]>([accountId, accountName]), Lifetime));

    public (string AccountId, string AccountName)? Read(HttpContext http)
    {
        if (_cookie.Read(http) is not { } value) return null;
        try
        {
            return JsonSerializer.Deserialize<string[]>(_seal.Unprotect(value)) is [var id, var name] ? (id, name) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Clear(HttpContext http) => _cookie.Clear(http);
}
