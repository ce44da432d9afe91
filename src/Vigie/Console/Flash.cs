using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What an action says on the page after its redirect; shown once.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Text">In words.</param>
/// <param name="Lines">Values to copy, shown only now: a link, recovery codes.</param>
public sealed record Flash(FlashKind Kind, Bilingual Text, IReadOnlyList<string> Lines);

public enum FlashKind
{
    Done,
    Refused,
}

/// <summary>Carries a <see cref="Flash"/> over the redirect in a sealed cookie of one minute.</summary>
internal sealed class FlashCookie(IDataProtectionProvider protection, ConsoleSettings settings)
{
    // A cookie may have 4,096 bytes (RFC 6265 §6.1), and sealing adds a third and a little.
    private const int MaxText = 600;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("flash").ToTimeLimitedDataProtector();
    private readonly HostCookie _cookie = new(settings, "vigie-flash", Lifetime);

    public void Write(HttpContext http, Flash flash)
    {
        string[] parts =
        [
            flash.Kind.ToString(), Cut(flash.Text.English), Cut(flash.Text.French), .. flash.Lines,
        ];
        _cookie.Write(http, _seal.Protect(JsonSerializer.Serialize(parts), Lifetime));
    }

    public Flash? Take(HttpContext http)
    {
        if (_cookie.Read(http) is not { } value) return null;
        _cookie.Clear(http);
        try
        {
            return JsonSerializer.Deserialize<string[]>(_seal.Unprotect(value)) is [var kind, var english, var french, .. var lines]
                ? new Flash(Enum.Parse<FlashKind>(kind), new Bilingual(english, french), lines)
                : null;
        }
        catch (CryptographicException)
        {
            return null; // Old, or not ours.
        }
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";
}
