using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>
/// Says what is wrong or doubtful about rule files: what the reader refuses, what breaks the specification's schema although it runs, and
/// what runs but cannot be meant. All codes are listed in <c>docs/sigma.md</c>. Never throws; safe for several threads.
/// </summary>
public static class SigmaLinter
{
    /// <summary>Checks files each by itself and against each other; problems in the order of files and lines.</summary>
    /// <param name="files">Name and text of each file. Test cases (<see cref="Testing.SigmaTestFile"/>) are not among them.</param>
    /// <param name="options">The placeholders.</param>
    public static ImmutableArray<SigmaProblem> Check(IEnumerable<KeyValuePair<string, string>> files, SigmaReaderOptions options)
    {
        var problems = new List<SigmaProblem>();
        var rules = new List<SigmaRule>();
        foreach (var (file, text) in files) problems.AddRange(Check(text, file, options, rules));
        DuplicateLint.Check(rules, problems);
        return [.. problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line)];
    }

    /// <summary>Checks one file by itself; its rules are added to <paramref name="rules"/>, to be compared with those of others.</summary>
    public static ImmutableArray<SigmaProblem> Check(string text, string file, SigmaReaderOptions options, ICollection<SigmaRule> rules)
    {
        var read = SigmaReader.Read(text, file, options);
        var problems = new List<SigmaProblem>(read.Problems);
        // The reader has reported what is no YAML and no collection; here only the shape of the rest is looked at.
        var known = new List<SigmaProblem>();
        var collections = new RuleCollections(file, known);
        foreach (var document in SigmaYaml.Read(text, file, known))
        {
            if (collections.Resolve(document) is not { } resolved || resolved.Root.Has("tests")) continue;
            new HeaderLint(resolved.Root, new ProblemSink(file, problems)).Check();
            if (resolved.Root["detection"] is SigmaMap detection) DetectionLint.Check(detection, new ProblemSink(file, problems));
        }

        foreach (var rule in read.Rules)
        {
            LogicLint.Check(rule, problems);
            RegexLint.Check(rule, problems);
            FieldLint.Check(rule, problems);
            rules.Add(rule);
        }

        return [.. problems.Distinct()];
    }
}
