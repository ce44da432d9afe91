namespace Vigie.Console;

/// <summary>Light or dark: the account's choice, else the cookie's, else the device's (in the style sheet).</summary>
internal static class Themes
{
    public const string Cookie = "vigie-theme";

    public static bool IsKnown(string? theme) => theme is "light" or "dark";

    public static string? Choose(string? account, string? cookie) => IsKnown(account) ? account : IsKnown(cookie) ? cookie : null;
}
