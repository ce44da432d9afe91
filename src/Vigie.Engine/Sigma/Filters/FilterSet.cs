using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Engine.Sigma.Filters;

/// <summary>The filters that are loaded. Immutable. Filters are for detection rules; a correlation is filtered through the rules it is built on.</summary>
public sealed class FilterSet
{
    private FilterSet(ImmutableArray<SigmaFilter> filters, ImmutableArray<SigmaProblem> problems)
    {
        Filters = filters;
        Problems = problems;
    }

    /// <summary>The filters, in order of their ids, so that the result does not depend on the order of files.</summary>
    public ImmutableArray<SigmaFilter> Filters { get; }

    /// <summary>Filters that cannot be used and why, and what is doubtful.</summary>
    public ImmutableArray<SigmaProblem> Problems { get; }

    /// <summary>Reads filter documents.</summary>
    /// <param name="rules">The rules that are loaded, to tell of filters that are for none of them.</param>
    /// <param name="documents">As <see cref="SigmaReader"/> hands them on.</param>
    /// <param name="options">The placeholders.</param>
    public static FilterSet Read(IReadOnlyCollection<SigmaRule> rules, IEnumerable<SigmaDocument> documents, SigmaReaderOptions options)
    {
        var problems = new List<SigmaProblem>();
        var filters = documents.Select(d => SigmaFilterReader.Read(d, options, problems)).OfType<SigmaFilter>()
            .OrderBy(f => f.Id, StringComparer.OrdinalIgnoreCase).ThenBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ToImmutableArray();
        foreach (var filter in filters) problems.AddRange(Doubts(filter, rules));
        return new FilterSet(filters, [.. problems]);
    }

    /// <summary>A rule as the filters leave it: each condition, and not what its filters leave out. The same object when no filter is for it.</summary>
    public SigmaRule Apply(SigmaRule rule)
    {
        var filters = Filters.Where(f => f.IsFor(rule)).ToList();
        if (filters.Count == 0) return rule;
        var leftOut = filters.ConvertAll(f => (Term)new Term.Not(new Term.Named($"filter '{f.Title}'", f.LeftOut)));
        return rule with
        {
            Conditions = [.. rule.Conditions.Select(c => (Term)new Term.And([c, .. leftOut]))],
            Version = VersionOf(rule, filters.Select(f => f.Version)),
        };
    }

    // A filtered rule is another version of it: a finding that names it can be checked.
    internal static string VersionOf(SigmaRule rule, IEnumerable<string> changes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', changes.Prepend(rule.Version)))))[..16];

    private static IEnumerable<SigmaProblem> Doubts(SigmaFilter filter, IReadOnlyCollection<SigmaRule> rules)
    {
        foreach (var reference in filter.Rules)
        {
            var named = rules.Where(r => SigmaFilter.Names(reference, r)).ToList();
            if (named.Count == 0)
            {
                yield return Warning(filter, reference.Line, "filter.unknown-rule", $"No rule that is loaded has the id or name '{reference.Text}'.", $"Aucune règle chargée n'a l'identifiant ou le nom « {reference.Text} ».");
            }
            else if (!named.Exists(filter.CoversSource))
            {
                yield return Warning(filter, reference.Line, "filter.other-logsource",
                    $"The rule '{reference.Text}' is of another log source than the filter names; it is not filtered.", $"La règle « {reference.Text} » est d'une autre source que celle du filtre ; elle n'est pas filtrée.");
            }
        }

        if (filter.Any && !rules.Any(filter.CoversSource)) yield return Warning(filter, filter.Line, "filter.no-rule", "No rule that is loaded is of the filter's log source.", "Aucune règle chargée n'est de la source du filtre.");
    }

    private static SigmaProblem Warning(SigmaFilter filter, int line, string code, string english, string french) =>
        new(filter.File, line, code, new Bilingual(english, french), false);
}
