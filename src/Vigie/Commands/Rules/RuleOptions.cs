using System.CommandLine;
using Vigie.Operations;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Rules;

/// <summary>
/// <c>--rules</c>, the same on every verb that matches events: the named files and folders alone, or, without any, what the
/// node would use: <c>logs.rules</c>, the sets of <c>vigie rules add</c>, and the rules that come with the program.
/// </summary>
internal sealed class RuleOptions
{
    public Option<string[]> Rules { get; } = new("--rules") { Description = "A rule file or folder, as often as wanted (default: the rules the node would use).", HelpName = "PATH" };

    public SettingsOptions Settings { get; } = new();

    public void AddTo(Command command)
    {
        command.Add(Rules);
        Settings.AddTo(command);
    }

    /// <summary>Which rules are asked for; null after it was said what is wrong with the settings, or which path is not there.</summary>
    public RuleSelection? Select(ParseResult result)
    {
        if (Settings.Load(result) is not { } settings) return null;
        if (result.GetValue(Rules) is not { Length: > 0 } named) return RuleSelection.Of(settings.Logs) with { CacheDirectory = CacheOf(settings) };
        foreach (var path in named.Where(path => !Path.Exists(path)))
        {
            result.InvocationConfiguration.Error.WriteLine($"{path}: there is no such rule file or folder.");
            return null;
        }

        return RuleSelection.Of(settings.Logs) with { Paths = [.. named], Optional = [], CacheDirectory = CacheOf(settings) };
    }

    /// <summary>The rules; null after it was said what is wrong.</summary>
    public LoadedRules? Load(ParseResult result, Func<long>? clock, CancellationToken cancellationToken)
    {
        if (Select(result) is not { } selection) return null;
        var loaded = RuleLoader.Load(selection with { Clock = clock }, cancellationToken);
        if (!loaded.Rules.IsEmpty) return loaded;
        var error = result.InvocationConfiguration.Error;
        foreach (var problem in loaded.Problems) error.WriteLine(RuleProblemLine.Of(problem, Language.Of(result)));
        error.WriteLine("There is no rule to match; name some with --rules, or take a set in with \"vigie rules add\".");
        return null;
    }

    // A command line makes no data folder; without one its user's cache does.
    private static string? CacheOf(Settings settings)
    {
        if (Directory.Exists(settings.DataDirectory)) return settings.Logs.CacheDirectory;
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named)
            ? named
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache") : null;
        return cache is null ? null : Path.Combine(cache, "vigie");
    }
}
