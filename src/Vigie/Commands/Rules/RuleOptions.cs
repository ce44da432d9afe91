using System.Collections.Immutable;
using System.CommandLine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;
using Vigie.Operations;

namespace Vigie.Commands.Rules;

/// <summary>
/// <c>--rules</c>, the same on every verb that matches events: the named files and folders, or, without any, what the node
/// would use: the rules that come with the program, those of <c>vigie rules add</c>, and <c>logs.rules</c>.
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

    /// <summary>The paths; null after it was said what is wrong with the settings or which path is not there.</summary>
    public (IReadOnlyList<string> Paths, SigmaReaderOptions Reading)? Paths(ParseResult result)
    {
        if (Settings.Load(result) is not { } settings) return null;
        var named = result.GetValue(Rules) is { Length: > 0 } paths ? paths : null;
        foreach (var path in named ?? [])
        {
            if (File.Exists(path) || Directory.Exists(path)) continue;
            result.InvocationConfiguration.Error.WriteLine($"{path}: there is no such rule file or folder.");
            return null;
        }

        return (named ?? [.. Defaults(settings).Where(path => File.Exists(path) || Directory.Exists(path))], ReadingOf(settings));
    }

    /// <summary>The rules; null after it was said what is wrong.</summary>
    public LoadedRules? Load(ParseResult result, RuleSetOptions? compiling, CancellationToken cancellationToken)
    {
        if (Paths(result) is not { } sources) return null;
        var loaded = LoadedRules.Load(sources.Paths, sources.Reading, compiling, cancellationToken);
        if (!loaded.Set.Rules.IsEmpty) return loaded;
        foreach (var problem in loaded.Failures) result.InvocationConfiguration.Error.WriteLine(RuleProblemLine.Of(problem, Language.Of(result)));
        result.InvocationConfiguration.Error.WriteLine("There is no rule to match; name some with --rules, or take a set in with \"vigie rules add\".");
        return null;
    }

    /// <summary>Where the node looks for rules.</summary>
    public static IEnumerable<string> Defaults(Settings settings)
    {
        if (settings.Logs.BuiltInRules) yield return settings.Logs.BuiltInRulesDirectory;
        yield return settings.Logs.InstalledRulesDirectory;
        foreach (var path in settings.Logs.Rules) yield return path;
    }

    /// <summary>What the settings tell the reader of rules.</summary>
    public static SigmaReaderOptions ReadingOf(Settings settings) => new()
    {
        Placeholders = settings.Logs.Placeholders.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray(), StringComparer.Ordinal),
    };
}
