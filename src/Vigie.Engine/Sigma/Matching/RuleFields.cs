namespace Vigie.Engine.Sigma.Matching;

/// <summary>Gathers the fields that rules read.</summary>
internal sealed class RuleFields
{
    // Conditions are evaluated recursively; this deep no person writes.
    private const int MaxDepth = 200;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _names;

    /// <summary>Adds a rule's fields, unless its conditions are too deep to be evaluated.</summary>
    public bool TryAdd(SigmaRule rule)
    {
        foreach (var condition in rule.Conditions)
        {
            if (!TryAdd(condition, 0)) return false;
        }

        return true;
    }

    private bool TryAdd(Term term, int depth)
    {
        if (depth > MaxDepth) return false;
        switch (term)
        {
            case Term.And and:
                foreach (var inner in and.Terms)
                {
                    if (!TryAdd(inner, depth + 1)) return false;
                }

                return true;
            case Term.Or or:
                foreach (var inner in or.Terms)
                {
                    if (!TryAdd(inner, depth + 1)) return false;
                }

                return true;
            case Term.Not not:
                return TryAdd(not.Inner, depth + 1);
            case Term.Named named:
                return TryAdd(named.Inner, depth + 1);
            case Term.Field field:
                _names.Add(field.Name);
                if (field.Test is ValueTest.FieldReference reference) _names.Add(reference.Other);
                return true;
            default:
                return true;
        }
    }
}
