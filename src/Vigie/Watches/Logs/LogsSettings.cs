using Vigie.Operations;
using Vigie.Watches.Logs.Context;

namespace Vigie.Watches.Logs;

/// <summary>The <c>logs:</c> part of <c>vigie.yaml</c>, validated: which logs are read, and by which rules.</summary>
public sealed record LogsSettings
{
    /// <summary>Whether logs are watched; nothing happens without sources.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>Rule files and folders beside the built-in and the installed ones.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether the rules that come with the program are used.</summary>
    public bool BuiltInRules { get; init; } = true;

    /// <summary>Where the rules that come with the program lie.</summary>
    public required string BuiltInRulesDirectory { get; init; }

    /// <summary>Where <c>vigie rules add</c> puts sets of rules.</summary>
    public required string InstalledRulesDirectory { get; init; }

    /// <summary>Where compiled rules are kept between runs.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>Files that map field names, log sources and values before rules are compiled.</summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>Values of <c>%name%</c> in rules with the <c>expand</c> modifier.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Placeholders { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How often the rule folders are looked at for changes.</summary>
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many findings of one rule about the same entities are kept an hour; further ones are counted.</summary>
    public int MaxSameFindings { get; init; } = 500;

    /// <summary>How many findings of one rule are kept an hour; further ones are counted.</summary>
    public int MaxRuleFindings { get; init; } = 20_000;

    /// <summary>How much out of order events may come to count in a correlation; correlations are known this much later.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of logs may wait to be matched before sources are held back.</summary>
    public long MaxWaitingBytes { get; init; } = 64_000_000;

    /// <summary>How much is kept of what stands around a finding.</summary>
    public LogContextSettings Context { get; init; } = new();

    /// <summary>Where logs come from.</summary>
    public IReadOnlyList<LogSourceSettings> Sources { get; init; } = [];

    internal static LogsSettings Read(SettingsSection section, string dataDirectory)
    {
        var defaults = Default(dataDirectory);
        return defaults with
        {
            Watch = section.Bool("watch", defaults.Watch),
            Rules = [.. section.Strings("rules").Select(path => Path.GetFullPath(path))],
            BuiltInRules = section.Bool("builtInRules", defaults.BuiltInRules),
            Pipelines = [.. section.Strings("pipelines").Select(path => Path.GetFullPath(path))],
            Placeholders = section.Lists("placeholders"),
            ReloadEvery = section.Duration("reloadEvery", defaults.ReloadEvery, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            MaxSameFindings = section.Int("maxSameFindings", defaults.MaxSameFindings, 1, 10_000_000),
            MaxRuleFindings = section.Int("maxRuleFindings", defaults.MaxRuleFindings, 1, 100_000_000),
            Lateness = section.Duration("lateness", defaults.Lateness, TimeSpan.Zero, TimeSpan.FromDays(1)),
            MaxWaitingBytes = section.Size("maxWaitingBytes", defaults.MaxWaitingBytes, 1_000_000, 4_000_000_000),
            Context = LogContextSettings.Read(section.Section("context")),
            Sources = LogSourceSettings.ReadAll(section),
        };
    }

    /// <summary>What is so where the settings say nothing.</summary>
    internal static LogsSettings Default(string dataDirectory) => new()
    {
        BuiltInRulesDirectory = Path.Combine(AppContext.BaseDirectory, "rules", "sigma"),
        InstalledRulesDirectory = Path.Combine(dataDirectory, "rules"),
        CacheDirectory = Path.Combine(dataDirectory, "cache"),
    };
}
