namespace Vigie.Engine.Sigma.Linting;

/// <summary>Compares rules with each other.</summary>
internal static class DuplicateLint
{
    public static void Check(IReadOnlyList<SigmaRule> rules, ICollection<SigmaProblem> problems)
    {
        Report(rules, problems, r => r.Id, "rule.same-id", true, first => new Bilingual($"'{first.Title}' ({first.File}:{first.Line}) has the same id.", $"« {first.Title} » ({first.File}:{first.Line}) a le même identifiant."));
        Report(rules.Where(r => r.Name is not null), problems, r => r.Name!, "rule.same-name", true, first => new Bilingual($"'{first.Title}' ({first.File}:{first.Line}) has the same name, which must be unique.", $"« {first.Title} » ({first.File}:{first.Line}) a le même nom, qui doit être unique."));
        Report(rules.Where(r => r.MissingPlaceholders.Length == 0), problems, Logic, "rule.same-logic", false, first => new Bilingual($"'{first.Title}' ({first.File}:{first.Line}) matches the same events.", $"« {first.Title} » ({first.File}:{first.Line}) correspond aux mêmes événements."));
    }

    private static string Logic(SigmaRule rule) =>
        $"{rule.Source.Product}/{rule.Source.Category}/{rule.Source.Service}: {TermKey.Of(new Term.Or(rule.Conditions))}".ToLowerInvariant();

    private static void Report(IEnumerable<SigmaRule> rules, ICollection<SigmaProblem> problems, Func<SigmaRule, string> key, string code, bool isError, Func<SigmaRule, Bilingual> message)
    {
        var seen = new Dictionary<string, SigmaRule>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (seen.TryAdd(key(rule), rule)) continue;
            var first = seen[key(rule)];
            // The rules of a collection may have their id in common: one rule for several log sources.
            if (isError && first.File == rule.File && first.Title == rule.Title && first.Source != rule.Source) continue;
            problems.Add(new SigmaProblem(rule.File, rule.Line, code, message(first), isError));
        }
    }
}
