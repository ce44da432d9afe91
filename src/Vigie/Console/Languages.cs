using Microsoft.Net.Http.Headers;

namespace Vigie.Console;

/// <summary>Which of the console's languages a request gets.</summary>
internal static class Languages
{
    public const string Cookie = "vigie-language";

    public static bool IsKnown(string? language) => language is "en" or "fr";

    /// <summary>The account's choice, else the cookie's, else the browser's best (RFC 9110 §12.5.4), else English.</summary>
    public static string Choose(string? account, string? cookie, IReadOnlyList<string?> acceptLanguage)
    {
        if (IsKnown(account)) return account!;
        if (IsKnown(cookie)) return cookie!;
        if (!StringWithQualityHeaderValue.TryParseList([.. acceptLanguage.OfType<string>()], out var wanted)) return "en";

        // OrderByDescending is stable: between equals, the one named first.
        return wanted
            .Where(range => range.Quality is not 0)
            .OrderByDescending(range => range.Quality ?? 1)
            .Select(range => range.Value.Value!.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(IsKnown) ?? "en";
    }
}
