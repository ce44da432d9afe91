using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>Finds fields that no log source of the rule's kind has; says nothing about sources whose fields are open.</summary>
internal static class FieldLint
{
    public static void Check(SigmaRule rule, List<SigmaProblem> problems)
    {
        if (KnownFields.Of(rule.Source) is not { } known) return;
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in rule.Detections.SelectMany(d => Terms.Within(d.Value)).OfType<Term.Field>())
        {
            foreach (var name in field.Test is ValueTest.FieldReference reference ? new[] { field.Name, reference.Other } : [field.Name])
            {
                if (known.Contains(name) || !reported.Add(name)) continue;
                var meant = known.FirstOrDefault(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase));
                problems.Add(new SigmaProblem(rule.File, field.Line, "field.unknown", new Bilingual(
                    $"No known source of {Show(rule.Source)} has a field '{name}'{(meant is null ? "" : $"; is '{meant}' meant?")}.",
                    $"Aucune source connue de {Show(rule.Source)} n'a de champ « {name} »{(meant is null ? "" : $" ; s'agit-il de « {meant} » ?")}."), false));
            }
        }
    }

    private static string Show(LogSource source) => string.Join('/', new[] { source.Product, source.Category, source.Service }.Where(t => t is not null));
}
