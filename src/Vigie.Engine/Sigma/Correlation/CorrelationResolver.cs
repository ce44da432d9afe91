using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Looks up what correlations refer to, orders them, and works out which fields each rule must deliver.</summary>
internal sealed class CorrelationResolver
{
    /// <summary>The most rules of a temporal correlation: one bit each.</summary>
    public const int MaxTemporalRules = 63;

    /// <summary>How many correlations may be built on each other.</summary>
    public const int MaxChain = 32;

    /// <summary>The most rules where any part of an order may count: each part is kept.</summary>
    public const int MaxPartialOrder = 8;

    private readonly IReadOnlyList<SigmaRule> _rules;
    private readonly ImmutableArray<CorrelationRule> _correlations;
    private readonly Dictionary<string, List<int>> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly ImmutableArray<SigmaProblem>.Builder _problems = ImmutableArray.CreateBuilder<SigmaProblem>();
    private readonly int[]?[] _targets;
    private readonly Visit[] _visits;
    private readonly List<int> _order = [];
    private readonly Func<int, string, string>? _fieldOf;
    private int _chain;

    // Numbers of targets: rules first, then correlations.
    public CorrelationResolver(IReadOnlyList<SigmaRule> rules, ImmutableArray<CorrelationRule> correlations, IEnumerable<SigmaProblem> problems, Func<int, string, string>? fieldOf)
    {
        _fieldOf = fieldOf;
        _problems.AddRange(problems);
        _rules = rules;
        _correlations = correlations;
        _targets = new int[correlations.Length][];
        _visits = new Visit[correlations.Length];
        for (var i = 0; i < rules.Count; i++) Register(rules[i].Id, rules[i].Name, i);
        for (var i = 0; i < correlations.Length; i++) Register(correlations[i].Id, correlations[i].Name, rules.Count + i);
    }

    private enum Visit : byte
    {
        NotYet,
        Underway,
        Usable,
        Unusable,
    }

    public CorrelationSet Resolve()
    {
        for (var i = 0; i < _correlations.Length; i++) Visited(i);
        var sources = new CorrelationSource?[_rules.Count];
        var built = new Dictionary<int, CorrelationSource>();
        foreach (var c in _order) built.Add(c, new CorrelationSource(_correlations[c].Id, _correlations[c].Title, isCorrelation: true));

        // Outer ones first: only they know what inner ones must hand on.
        var plans = new CorrelationPlan[_order.Count];
        for (var i = _order.Count - 1; i >= 0; i--)
        {
            plans[i] = Plan(_order[i], i, built[_order[i]], target => target < _rules.Count
                ? sources[target] ??= new CorrelationSource(_rules[target].Id, _rules[target].Title, isCorrelation: false)
                : built[target - _rules.Count]);
        }

        foreach (var plan in plans)
        {
            for (var slot = 0; slot < plan.Slots.Length; slot++) plan.Slots[slot].Source.Consumers.Add((plan, slot));
        }

        return new CorrelationSet(sources, [.. plans], [.. Silenced()], _problems.ToImmutable());
    }

    private void Register(string id, string? name, int target)
    {
        Add(id);
        if (name is not null && !string.Equals(name, id, StringComparison.OrdinalIgnoreCase)) Add(name);

        void Add(string key)
        {
            if (!_named.TryGetValue(key, out var targets)) _named.Add(key, targets = []);
            targets.Add(target);
        }
    }

    private bool Visited(int correlation)
    {
        if (_visits[correlation] is Visit.Usable or Visit.Unusable) return _visits[correlation] == Visit.Usable;
        if (_visits[correlation] == Visit.Underway)
        {
            var rule = _correlations[correlation];
            Error(rule, rule.Line, "correlation.cycle", $"The correlation '{rule.Title}' refers to itself, directly or through others.", $"La corrélation « {rule.Title} » se cite elle-même, directement ou par d'autres.");
            return false;
        }

        _visits[correlation] = Visit.Underway;
        var usable = ++_chain <= MaxChain ? Targets(correlation) & Checked(_correlations[correlation]) : TooLong(_correlations[correlation]);
        _chain--;
        _visits[correlation] = usable ? Visit.Usable : Visit.Unusable;
        if (usable) _order.Add(correlation);
        return usable;
    }

    private bool TooLong(CorrelationRule rule)
    {
        Error(rule, rule.Line, "correlation.chain-too-long", $"More than {MaxChain} correlations are built on each other.", $"Plus de {MaxChain} corrélations reposent l'une sur l'autre.");
        return false;
    }

    private bool Targets(int correlation)
    {
        var rule = _correlations[correlation];
        var targets = new List<int>();
        var usable = true;
        foreach (var reference in rule.Rules)
        {
            var target = Target(rule, reference);
            if (target >= _rules.Count && !Visited(target - _rules.Count))
            {
                Error(rule, reference.Line, "correlation.broken-rule", $"'{reference.Text}' is a correlation that cannot be used.", $"« {reference.Text} » est une corrélation inutilisable.");
                target = -1;
            }

            if (target < 0) usable = false;
            else if (targets.Contains(target)) Warn(rule, reference.Line, "correlation.rule-twice", $"'{reference.Text}' is listed twice.", $"« {reference.Text} » est cité deux fois.");
            else targets.Add(target);
        }

        _targets[correlation] = [.. targets];
        return usable & ExpressionRefers(rule, targets);
    }

    private int Target(CorrelationRule rule, RuleReference reference)
    {
        if (!_named.TryGetValue(reference.Text, out var targets))
        {
            Error(rule, reference.Line, "correlation.unknown-rule", $"No rule that is loaded has the id or name '{reference.Text}'.", $"Aucune règle chargée n'a l'identifiant ou le nom « {reference.Text} ».");
            return -1;
        }

        if (targets.Count == 1) return targets[0];
        var near = targets.Where(t => string.Equals(FileOf(t), rule.File, StringComparison.Ordinal)).ToList();
        if (near.Count == 1) return near[0];
        Error(rule, reference.Line, "correlation.ambiguous-rule",
            $"{targets.Count} rules have the id or name '{reference.Text}'; a name must be unique.", $"{targets.Count} règles ont l'identifiant ou le nom « {reference.Text} » ; un nom doit être unique.");
        return -1;
    }

    private string FileOf(int target) => target < _rules.Count ? _rules[target].File : _correlations[target - _rules.Count].File;

    private bool ExpressionRefers(CorrelationRule rule, List<int> targets)
    {
        var unknown = rule.Expression?.References.FirstOrDefault(r => !_named.TryGetValue(r, out var named) || !named.Exists(targets.Contains));
        if (unknown is null) return true;
        Error(rule, rule.Line, "correlation.condition-unknown-rule", $"The condition names '{unknown}', which is not among the correlation's rules.", $"La condition cite « {unknown} », qui n'est pas parmi les règles de la corrélation.");
        return false;
    }

    private bool Checked(CorrelationRule rule)
    {
        var temporal = rule.Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        var limit = rule.Type == CorrelationType.TemporalOrdered && (rule.Bounds.Length > 0 || rule.Expression is not null) ? MaxPartialOrder : MaxTemporalRules;
        if (temporal && rule.Rules.Length > limit)
        {
            Error(rule, rule.Line, "correlation.too-many-rules", $"At most {limit} rules can be put in relation like this.", $"{limit} règles au plus peuvent être mises en relation ainsi.");
            return false;
        }

        if (!CanHold(rule, temporal)) Warn(rule, rule.Line, "correlation.never-true", "No count or value can fulfil this condition.", "Aucun compte ni aucune valeur ne peut satisfaire cette condition.");
        return true;
    }

    private static bool CanHold(CorrelationRule rule, bool temporal)
    {
        if (rule.Bounds.Length == 0) return true;
        if (temporal) return Enumerable.Range(1, rule.Rules.Length).Any(n => rule.Bounds.All(b => b.Holds(n)));
        var whole = rule.Type is CorrelationType.EventCount or CorrelationType.ValueCount;

        // Between and beside the limits lie all the cases there are.
        var probes = rule.Bounds.SelectMany(b => new[] { b.Value, Above(b.Value, whole), Below(b.Value, whole) }).Append(1);
        return probes.Any(v => (!whole || v >= 0) && rule.Bounds.All(b => b.Holds(v)));
    }

    private static decimal Above(decimal value, bool whole) => whole ? Math.Floor(Clamp(value)) + 1 : Clamp(value) + 0.0000001m;

    private static decimal Below(decimal value, bool whole) => whole ? Math.Ceiling(Clamp(value)) - 1 : Clamp(value) - 0.0000001m;

    private static decimal Clamp(decimal value) => Math.Clamp(value, -1e18m, 1e18m);

    private CorrelationPlan Plan(int correlation, int order, CorrelationSource self, Func<int, CorrelationSource> sourceOf)
    {
        var rule = _correlations[correlation];
        var suppliedGroup = self.Fields.Select(f => rule.GroupBy.IndexOf(f)).ToArray();
        var targets = _targets[correlation]!;
        var slots = new CorrelationSlot[targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            var target = targets[i];
            var source = sourceOf(target);
            slots[i] = new CorrelationSlot(
                source,
                [.. rule.GroupBy.Select(f => source.IndexOf(FieldOf(rule, f, target)))],
                [.. rule.ValueFields.Select(f => source.IndexOf(FieldOf(rule, f, target)))],
                [.. self.Fields.Select((f, at) => suppliedGroup[at] >= 0 ? -1 : source.IndexOf(FieldOf(rule, f, target)))]);
        }

        WarnAliases(rule, targets);
        return new CorrelationPlan { Rule = rule, Order = order, AsSource = self, Slots = slots, SuppliedGroup = suppliedGroup, Expression = Compile(rule.Expression, rule, targets) };
    }

    private string FieldOf(CorrelationRule rule, string name, int target)
    {
        var field = Aliased(rule, name, target);
        return target < _rules.Count && _fieldOf is not null ? _fieldOf(target, field) : field;
    }

    private string Aliased(CorrelationRule rule, string name, int target)
    {
        foreach (var alias in rule.Aliases)
        {
            if (!string.Equals(alias.Name, name, StringComparison.Ordinal)) continue;
            foreach (var field in alias.Fields)
            {
                if (Refers(field.Rule, target)) return field.Field;
            }
        }

        return name;
    }

    private bool Refers(string text, int target) => _named.TryGetValue(text, out var targets) && targets.Contains(target);

    private void WarnAliases(CorrelationRule rule, int[] targets)
    {
        foreach (var alias in rule.Aliases)
        {
            foreach (var field in alias.Fields.Where(f => !targets.Any(t => Refers(f.Rule, t))))
            {
                Warn(rule, field.Line, "correlation.alias-unknown-rule", $"The alias '{alias.Name}' names '{field.Rule}', which is not among the correlation's rules.", $"L'alias « {alias.Name} » cite « {field.Rule} », qui n'est pas parmi les règles de la corrélation.");
            }

            if (targets.Any(t => !alias.Fields.Any(f => Refers(f.Rule, t))))
            {
                Warn(rule, alias.Line, "correlation.alias-incomplete", $"The alias '{alias.Name}' names no field for some of the rules; there the field '{alias.Name}' itself is read.", $"L'alias « {alias.Name} » ne cite pas de champ pour certaines règles ; là, c'est le champ « {alias.Name} » lui-même qui est lu.");
            }
        }
    }

    private SlotExpression? Compile(TemporalExpression? expression, CorrelationRule rule, int[] targets) => expression switch
    {
        null => null,
        TemporalExpression.And and => new SlotExpression.And([.. and.Terms.Select(t => Compile(t, rule, targets)!)]),
        TemporalExpression.Or or => new SlotExpression.Or([.. or.Terms.Select(t => Compile(t, rule, targets)!)]),
        TemporalExpression.Not not => new SlotExpression.Not(Compile(not.Inner, rule, targets)!),
        TemporalExpression.Rule named => new SlotExpression.Any(Slots(targets, t => Refers(named.Reference, t))),
        TemporalExpression.Of { All: true } all => new SlotExpression.All(Slots(targets, t => IsLike(t, all.Pattern))),
        TemporalExpression.Of one => new SlotExpression.Any(Slots(targets, t => IsLike(t, one.Pattern))),
        _ => throw new InvalidOperationException("an expression of an unknown kind"),
    };

    private static ulong Slots(int[] targets, Func<int, bool> isMeant)
    {
        var slots = 0UL;
        for (var i = 0; i < targets.Length; i++) slots |= isMeant(targets[i]) ? 1UL << i : 0;
        return slots;
    }

    private bool IsLike(int target, string pattern)
    {
        var (id, name) = target < _rules.Count ? (_rules[target].Id, _rules[target].Name) : (_correlations[target - _rules.Count].Id, _correlations[target - _rules.Count].Name);
        return Glob.Matches(pattern, id) || (name is not null && Glob.Matches(pattern, name));
    }

    // Whoever asks for a rule to be generated gets it, whatever others do without.
    private IEnumerable<SilencedRule> Silenced()
    {
        var referred = _order.SelectMany(c => _targets[c]!.Select(t => (Target: t, Correlation: _correlations[c]))).ToLookup(p => p.Target, p => p.Correlation);
        foreach (var target in referred.Where(t => !t.Any(c => c.Generate)).OrderBy(t => t.Key))
        {
            var isRule = target.Key < _rules.Count;
            yield return new SilencedRule(isRule ? target.Key : -1, isRule ? _rules[target.Key].Id : _correlations[target.Key - _rules.Count].Id, target.First());
        }
    }

    private void Error(CorrelationRule rule, int line, string code, string english, string french) =>
        _problems.Add(new SigmaProblem(rule.File, line, code, new Bilingual(english, french), true));

    private void Warn(CorrelationRule rule, int line, string code, string english, string french) =>
        _problems.Add(new SigmaProblem(rule.File, line, code, new Bilingual(english, french), false));
}
