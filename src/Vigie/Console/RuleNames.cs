using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What a rule is called whose findings' titles name what each is about; contributed by its watch.</summary>
/// <param name="Detector">As in <see cref="Engine.Findings.Finding.Detector"/>.</param>
/// <param name="Rule">As in <see cref="Engine.Findings.Finding.Rule"/>.</param>
/// <param name="Name">In words.</param>
public sealed record RuleName(string Detector, string Rule, Bilingual Name);

/// <summary>The names of rules, of whatever watch.</summary>
public sealed class RuleNames(IEnumerable<RuleName> names)
{
    private readonly Dictionary<(string Detector, string Rule), Bilingual> _names = names.ToDictionary(name => (name.Detector, name.Rule), name => name.Name);

    /// <summary>The rule's own name; where it has none, the title its findings share.</summary>
    /// <param name="detector">Whose rule.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="title">The title of one of its findings.</param>
    public Bilingual Of(string detector, string rule, Bilingual title) => _names.GetValueOrDefault((detector, rule), title);
}
