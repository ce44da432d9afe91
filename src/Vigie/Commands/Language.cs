using System.CommandLine;

namespace Vigie.Commands;

/// <summary>The language a command speaks to its reader: <c>--lang</c>, else the environment's, else English.</summary>
internal static class Language
{
    /// <summary>Accepted by every verb.</summary>
    public static readonly Option<string?> Option = MakeOption();

    /// <summary>ISO 639-1: <c>en</c> or <c>fr</c>.</summary>
    public static string Of(ParseResult result) => result.GetValue(Option) ?? FromEnvironment(Environment.GetEnvironmentVariable);

    // POSIX: LC_ALL overrides LC_MESSAGES overrides LANG; the first that is set decides.
    internal static string FromEnvironment(Func<string, string?> variable)
    {
        foreach (var name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
            if (variable(name) is { Length: > 0 } locale) return locale.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr" : "en";
        return "en";
    }

    private static Option<string?> MakeOption()
    {
        var option = new Option<string?>("--lang") { Description = "Language of what is said: en or fr (default: the environment's).", Recursive = true, HelpName = "en|fr" };
        option.AcceptOnlyFromAmong("en", "fr");
        return option;
    }
}
