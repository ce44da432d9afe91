using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Commands.Logs;

/// <summary>Something about the input of a scan that a person should know.</summary>
/// <param name="File">The file it is about.</param>
/// <param name="Text">What, in a sentence.</param>
/// <param name="IsFailure">Whether the file as a whole could not be read; otherwise parts of it were skipped.</param>
internal sealed record ScanProblem(string File, string Text, bool IsFailure);

/// <summary>What one rule came to in a scan.</summary>
internal sealed class RuleTally(LogHit first)
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public string Id { get; } = first.RuleId;

    public Bilingual Titles { get; } = first.Titles;

    public Severity Level { get; } = first.Level;

    public long Events { get; private set; }

    public int Hosts => _hosts.Count;

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public void Count(LogHit hit)
    {
        Events++;
        if (hit.Host is { } host && _hosts.Count < ScanSummary.MaxHosts) _hosts.Add(host);
        if (hit.Time is not { } time) return;
        if (First is null || time < First) First = time;
        if (Last is null || time > Last) Last = time;
    }
}

/// <summary>What a whole scan came to. Bounded: by the number of rules, by <see cref="MaxHosts"/>, by <see cref="MaxProblems"/>.</summary>
internal sealed class ScanSummary
{
    /// <summary>Hosts counted apart; what further ones have is counted together.</summary>
    public const int MaxHosts = 10_000;

    /// <summary>Problems listed in words; further ones are only counted.</summary>
    public const int MaxProblems = 1_000;

    private readonly Dictionary<string, RuleTally> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long[]> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly long[] _levels = new long[5];
    private readonly List<ScanProblem> _problems = [];

    /// <summary>Findings written.</summary>
    public long Findings { get; private set; }

    /// <summary>Files (and members of archives) read to their end.</summary>
    public int Files { get; set; }

    /// <summary>Events read.</summary>
    public long Events { get; set; }

    /// <summary>Bytes read, decompressed.</summary>
    public long Bytes { get; set; }

    /// <summary>Events older than <c>--since</c>.</summary>
    public long Older { get; set; }

    /// <summary>Files that could not be read at all.</summary>
    public int Failures { get; private set; }

    /// <summary>Problems that are not in <see cref="Problems"/> because there were too many.</summary>
    public long FurtherProblems { get; private set; }

    /// <summary>Files found within a folder whose format is not known.</summary>
    public List<string> NotLogs { get; } = [];

    /// <summary>Parts and files that could not be read.</summary>
    public IReadOnlyList<ScanProblem> Problems => _problems;

    /// <summary>Rules that found something: highest level first, then the most frequent.</summary>
    public IReadOnlyList<RuleTally> Rules =>
        [.. _rules.Values.OrderByDescending(rule => rule.Level).ThenByDescending(rule => rule.Events).ThenBy(rule => rule.Titles.English, StringComparer.Ordinal).ThenBy(rule => rule.Id, StringComparer.Ordinal)];

    /// <summary>Hosts with findings, those with the gravest first, and how many of each level, by <see cref="Severity"/>.</summary>
    public IReadOnlyList<(string Host, long[] Levels)> Hosts =>
        [.. _hosts.Select(host => (host.Key, host.Value)).OrderByDescending(host => host.Value, GravestFirst.Instance).ThenBy(host => host.Key, StringComparer.Ordinal)];

    /// <summary>Findings of a level.</summary>
    public long Of(Severity level) => _levels[(int)level];

    /// <summary>Counts a finding.</summary>
    public void Count(LogHit hit)
    {
        Findings++;
        _levels[(int)hit.Level]++;
        if (!_rules.TryGetValue(hit.RuleId, out var rule)) _rules.Add(hit.RuleId, rule = new RuleTally(hit));
        rule.Count(hit);
        var host = hit.Host ?? "-";
        if (!_hosts.TryGetValue(host, out var levels))
        {
            if (_hosts.Count >= MaxHosts) host = "…";
            if (!_hosts.TryGetValue(host, out levels)) _hosts.Add(host, levels = new long[5]);
        }

        levels[(int)hit.Level]++;
    }

    /// <summary>Notes a problem.</summary>
    public void Note(ScanProblem problem)
    {
        if (problem.IsFailure) Failures++;
        if (_problems.Count < MaxProblems) _problems.Add(problem);
        else FurtherProblems++;
    }

    private sealed class GravestFirst : IComparer<long[]>
    {
        public static readonly GravestFirst Instance = new();

        public int Compare(long[]? x, long[]? y)
        {
            for (var level = 4; level >= 0; level--)
                if (x![level].CompareTo(y![level]) is not 0 and var order) return order;
            return 0;
        }
    }
}
