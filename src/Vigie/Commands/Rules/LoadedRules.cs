using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Commands.Rules;

/// <summary>The rules of files and folders, read and compiled.</summary>
/// <param name="Set">What events are matched against.</param>
/// <param name="Documents">What each file holds, in the order of the files.</param>
/// <param name="Problems">Everything that is wrong with the files, warnings included.</param>
internal sealed record LoadedRules(RuleSet Set, ImmutableArray<SigmaDocuments> Documents, ImmutableArray<SigmaProblem> Problems)
{
    /// <summary>Documents that are no rule that can be used.</summary>
    public IEnumerable<SigmaProblem> Failures => Problems.Where(problem => problem.IsError);

    /// <summary>Reads and compiles; several files at once, in a fixed order.</summary>
    /// <exception cref="IOException">A path is not there or cannot be read.</exception>
    public static LoadedRules Load(IEnumerable<string> paths, SigmaReaderOptions reading, RuleSetOptions? compiling, CancellationToken cancellationToken)
    {
        var files = paths.SelectMany(RuleFiles.Under).DistinctBy(Path.GetFullPath, StringComparer.Ordinal).ToArray();
        var documents = new SigmaDocuments[files.Length];
        try
        {
            Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => documents[i] = SigmaReader.Read(File.ReadAllText(files[i]), files[i], reading));
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(inner => inner is IOException or UnauthorizedAccessException) is { } unreadable)
        {
            throw new IOException(unreadable.Message, unreadable);
        }

        var problems = documents.SelectMany(document => document.Problems).ToList();
        var rules = new Dictionary<string, SigmaRule>(StringComparer.Ordinal);
        foreach (var rule in documents.SelectMany(document => document.Rules))
        {
            if (rules.TryAdd(rule.Id, rule)) continue;
            var first = rules[rule.Id];
            problems.Add(new SigmaProblem(rule.File, rule.Line, "rule.same-id", new Bilingual(
                $"The rule has the id of {first.File}:{first.Line}, which is used; this one is not.",
                $"La règle a l’identifiant de {first.File}:{first.Line}, qui est utilisée ; celle-ci ne l’est pas."), IsError: first.Version != rule.Version));
        }

        var set = RuleSet.Compile(rules.Values, compiling);
        problems.AddRange(set.Problems.Select(problem => new SigmaProblem(set.Rules[problem.Rule].File, set.Rules[problem.Rule].Line, problem.Code, problem.Message, IsError: true)));
        return new LoadedRules(set, [.. documents], [.. problems]);
    }
}
