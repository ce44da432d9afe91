using System.Collections.Immutable;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Rules;

/// <summary>Which rules are to be used, and how they are to be read.</summary>
internal sealed record RuleSelection
{
    /// <summary>Files and folders, in the order in which the first rule with an id counts.</summary>
    public required ImmutableArray<string> Paths { get; init; }

    /// <summary>Those of <see cref="Paths"/> whose absence is nobody's mistake.</summary>
    public ImmutableArray<string> Optional { get; init; } = [];

    /// <summary>Files that map names and values before rules are compiled.</summary>
    public ImmutableArray<string> Pipelines { get; init; } = [];

    /// <summary>Values of placeholders.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Placeholders { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Folder of the cache; null to read every file each time.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Measures what each rule costs, in ticks of this clock; null not to.</summary>
    public Func<long>? Clock { get; init; }

    /// <summary>What the reader of rules is told.</summary>
    public SigmaReaderOptions ReaderOptions => new()
    {
        Placeholders = Placeholders.ToImmutableDictionary(p => p.Key, p => p.Value.ToImmutableArray(), StringComparer.Ordinal),
    };

    /// <summary>What the settings ask for: the operator's own rules first, then installed sets, then the built-in ones.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="further">Paths named on the command line; they come first.</param>
    public static RuleSelection Of(LogsSettings settings, params IEnumerable<string> further)
    {
        string[] own = settings.BuiltInRules ? [settings.InstalledRulesDirectory, settings.BuiltInRulesDirectory] : [settings.InstalledRulesDirectory];
        return new RuleSelection
        {
            Paths = [.. further, .. settings.Rules, .. own],
            Optional = [.. own],
            Pipelines = [.. settings.Pipelines],
            Placeholders = settings.Placeholders,
            CacheDirectory = settings.CacheDirectory,
        };
    }
}
