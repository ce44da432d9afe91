using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Placing;

/// <summary>
/// Names an incident by what somebody who reads a list wants to know: the gravest thing found, about whom, and how much more there
/// is. Composed from facts, so it follows them until a person gives a name.
/// </summary>
internal static class IncidentTitle
{
    private const int MaxLead = 160;
    private const int MaxName = 60;

    // About whom, where no host is named: the first kind of which there is anything.
    private static readonly string[] Persons = [EntityKinds.User, EntityKinds.Mailbox, EntityKinds.Resource, EntityKinds.Ip, EntityKinds.Domain, EntityKinds.Url];

    /// <summary>The title.</summary>
    /// <param name="facts">What is known of the incident.</param>
    /// <param name="lead">The rule that is quoted.</param>
    public static Bilingual Of(IncidentFacts facts, RuleFacts lead)
    {
        var finding = lead.Lead;
        var (english, french) = (Short(finding.Title.English, MaxLead), Short(finding.Title.French, MaxLead));
        // Titles of some findings say whom they are about; those of rules over logs do not.
        if (!finding.Entities.Any(entity => finding.Title.English.Contains(entity.Value, StringComparison.OrdinalIgnoreCase)))
        {
            var (inEnglish, inFrench) = Whom(facts, finding);
            (english, french) = (english + inEnglish, french + inFrench);
        }

        var others = facts.Rules.Count - 1;
        if (others <= 0) return new Bilingual(english, french);
        var number = others.ToString(CultureInfo.InvariantCulture);
        return others == 1
            ? new Bilingual($"{english}, and another kind of alert", $"{french}, et une alerte d’un autre type")
            : new Bilingual($"{english}, and {number} other kinds of alerts", $"{french}, et {number} autres types d’alertes");
    }

    /// <summary>The title of a finding, cut where it is too long to be quoted.</summary>
    public static Bilingual Quoted(FindingOutline finding) => new(Short(finding.Title.English, MaxName), Short(finding.Title.French, MaxName));

    /// <summary>The rule that tells most: the gravest, of these the most trusted, of these the first that spoke.</summary>
    /// <param name="facts">What is known of the incident.</param>
    /// <param name="precision">How far a rule is trusted.</param>
    public static RuleFacts LeadOf(IncidentFacts facts, Func<string, string, Severity, double> precision) => facts.Rules
        .OrderByDescending(rule => rule.Value.Severity)
        .ThenByDescending(rule => Math.Round(precision(rule.Key.Detector, rule.Key.Rule, rule.Value.Severity) * (rule.Value.Confidence ?? 1), 2))
        .ThenBy(rule => rule.Value.Lead.FirstSeen)
        .ThenBy(rule => rule.Key.Rule, StringComparer.Ordinal)
        .First().Value;

    private static (string English, string French) Whom(IncidentFacts facts, FindingOutline lead)
    {
        var hosts = Named(facts, lead, EntityKinds.Host, LinkKeys.HostOf);
        if (hosts.Count > 0)
        {
            var accounts = Named(facts, lead, EntityKinds.User, LinkKeys.AccountOf);
            var account = accounts.Count == 1 ? $" ({Short(accounts[0], MaxName)})" : "";
            return (" on " + List(hosts, "and", "other hosts", "another host") + account, " sur " + List(hosts, "et", "autres hôtes", "un autre hôte") + account);
        }

        foreach (var kind in Persons)
        {
            var names = Named(facts, lead, kind, kind == EntityKinds.User ? LinkKeys.AccountOf : value => value);
            if (names.Count > 0) return (" concerning " + List(names, "and", "others", "another"), " concernant " + List(names, "et", "autres", "un autre"));
        }

        return ("", "");
    }

    // The lead's own first, then by how often they are named.
    private static List<string> Named(IncidentFacts facts, FindingOutline lead, string kind, Func<string, string?> fold)
    {
        var own = lead.Entities.Where(entity => entity.Kind == kind).Select(entity => fold(entity.Value)).OfType<string>();
        var all = facts.Entities.Where(pair => pair.Key.Kind == kind)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
            .Select(pair => fold(pair.Key.Value)).OfType<string>();
        return [.. own.Concat(all).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static string List(List<string> names, string and, string others, string another) => names.Count switch
    {
        1 => Short(names[0], MaxName),
        2 => $"{Short(names[0], MaxName)} {and} {Short(names[1], MaxName)}",
        3 => $"{Short(names[0], MaxName)}, {Short(names[1], MaxName)} {and} {another}",
        _ => $"{Short(names[0], MaxName)}, {Short(names[1], MaxName)} {and} {(names.Count - 2).ToString(CultureInfo.InvariantCulture)} {others}",
    };

    private static string Short(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");
}
