using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Formats;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Commands.Eval;

/// <summary>What one file of logs came to.</summary>
/// <param name="Events">Events read.</param>
/// <param name="Fired">How often each rule fired, by its place in the set.</param>
/// <param name="Diagnostics">What could not be read, or is doubtful.</param>
internal sealed record LogTally(long Events, IReadOnlyDictionary<int, int> Fired, IReadOnlyList<LogDiagnostic> Diagnostics)
{
    /// <summary>Reads and matches a file as <c>scan logs</c> does, with nothing said about it beforehand.</summary>
    public static LogTally Of(string path, RuleMatcher matcher, EventRecord record)
    {
        var fired = new Dictionary<int, int>();
        var diagnostics = new List<LogDiagnostic>();
        var events = 0L;
        foreach (var content in new LogContents(new ContentLimits(), (_, diagnostic) => diagnostics.Add(diagnostic)).Open(path))
        {
            using var reader = new ContentReader(content, new ReadAs(), diagnostics.Add);
            while (reader.Read(record))
            {
                events++;
                foreach (var match in matcher.Match(record)) fired[match.Rule] = fired.GetValueOrDefault(match.Rule) + 1;
            }
        }

        return new LogTally(events, fired, diagnostics);
    }

    /// <summary>Whether a rule of at least this level fired.</summary>
    public bool HasAtLeast(RuleSet rules, Severity level) => Fired.Keys.Any(rule => rules.Rules[rule].Level >= level);
}
