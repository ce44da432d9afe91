using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Attack;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>What a score is computed from.</summary>
/// <param name="Rules">One entry for each rule that spoke, with how often.</param>
/// <param name="Techniques">ATT&amp;CK techniques of all findings.</param>
/// <param name="Importance">The importance of the most important asset concerned, 1 where none is named in the settings; in [0.5, 2].</param>
/// <param name="Hosts">How many hosts, mailboxes and resources it is about.</param>
/// <param name="Accounts">How many accounts.</param>
/// <param name="Watches">How many watches saw it.</param>
public sealed record ScoreInput(ImmutableArray<RuleEvidence> Rules, ImmutableArray<string> Techniques, double Importance, int Hosts, int Accounts, int Watches);

/// <summary>What one rule said within an incident.</summary>
/// <param name="Detector">Whose rule.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">The gravest of its findings.</param>
/// <param name="Confidence">The highest calibrated confidence; null where none was given.</param>
/// <param name="Precision">How often it was right, from verdicts and a prior; in (0, 1).</param>
/// <param name="Count">How many findings.</param>
/// <param name="Verdicts">On how many verdicts the precision rests; 0 when it is the prior alone.</param>
/// <param name="Title">What people call the rule; null to call it by its id.</param>
public sealed record RuleEvidence(string Detector, string Rule, Severity Severity, double? Confidence, double Precision, int Count, long Verdicts = 0, Bilingual? Title = null);

/// <summary>One summand of a score, with what it stands for.</summary>
/// <param name="Name">A stable name: <c>evidence</c>, <c>importance</c>, <c>progress</c>, <c>spread</c>.</param>
/// <param name="Points">What it contributes, may be negative.</param>
/// <param name="Why">In words, with the figures it was computed from.</param>
public sealed record ScoreTerm(string Name, double Points, Bilingual Why);

/// <summary>A score from 0 to 100 and the terms that add up to it.</summary>
/// <remarks>
/// The score is the belief that something happened that matters, times what it would matter:
/// <c>belief · (60 + 15 · log₂ importance + 15 · progress + 10 · spread)</c>. Its constants, and why they are what they are, stand in
/// <c>docs/incidents.md</c>, section Score. More evidence never lowers it, and a rule that is right less often never raises it.
/// </remarks>
public sealed record IncidentScore(double Value, ImmutableArray<ScoreTerm> Terms)
{
    private const double EvidencePoints = 60;
    private const double ImportancePoints = 15;
    private const double ProgressPoints = 15;
    private const double SpreadPoints = 10;

    /// <summary>How many verdicts on a rule weigh as much as the confidence it states itself.</summary>
    private const double ConfidenceWeight = 8;

    /// <summary>So many findings of one rule count like the rule spoken twice, and no number counts more.</summary>
    private const int MostRepeats = 1024;

    private static readonly Dictionary<string, int> Stages = AttackMatrix.Enterprise.Tactics.Select((tactic, at) => (tactic, at)).ToDictionary(pair => pair.tactic.ShortName, pair => pair.at, StringComparer.Ordinal);

    /// <summary>The score of what is known. Values out of their range count as the nearest that is in it.</summary>
    public static IncidentScore Of(ScoreInput input)
    {
        var weighed = input.Rules.Select(rule => (Rule: rule, Speaks: Speaks(rule))).OrderByDescending(rule => rule.Speaks).ToList();
        var belief = Belief(weighed.Select(rule => rule.Speaks));
        ImmutableArray<ScoreTerm> terms =
        [
            new("evidence", EvidencePoints * belief, EvidenceWhy(weighed, belief)),
            Importance(input.Importance, belief),
            Progress(input.Techniques, belief),
            Spread(input, belief),
        ];
        return new IncidentScore(Math.Clamp(terms.Sum(term => term.Points), 0, 100), terms);
    }

    /// <summary>How much a true finding of a level matters, between 0 and 1.</summary>
    public static double WeightOf(Severity severity) => severity switch
    {
        Severity.Critical => 1,
        Severity.High => 0.7,
        Severity.Medium => 0.4,
        Severity.Low => 0.15,
        _ => 0.05,
    };

    // Rules speak of the same events, so they are no independent witnesses: the second counts as 1/√2 of a witness, the third as 1/√3…
    private static double Belief(IEnumerable<double> strongestFirst) => 1 - strongestFirst.Index().Aggregate(1.0, (none, rule) => none * Math.Pow(1 - rule.Item, 1 / Math.Sqrt(rule.Index + 1)));

    private static double Speaks(RuleEvidence rule)
    {
        var repeats = 1 + (Math.Log2(Math.Clamp(rule.Count, 1, MostRepeats)) / Math.Log2(MostRepeats));
        return 1 - Math.Pow(1 - (WeightOf(rule.Severity) * Trust(rule)), repeats);
    }

    // What the rule says of itself at first; the more verdicts there are, the more what came of it.
    private static double Trust(RuleEvidence rule)
    {
        var precision = Share(rule.Precision);
        if (rule.Confidence is not { } confidence) return precision;
        var verdicts = Math.Max(0, rule.Verdicts);
        return ((Share(confidence) * ConfidenceWeight) + (precision * verdicts)) / (ConfidenceWeight + verdicts);
    }

    private static double Share(double value) => double.IsNaN(value) ? 0 : Math.Clamp(value, 0, 0.999);

    private static Bilingual EvidenceWhy(List<(RuleEvidence Rule, double Speaks)> weighed, double belief)
    {
        if (weighed.Count == 0) return new Bilingual("No rule spoke.", "Aucune règle ne s’est prononcée.");
        var findings = weighed.Sum(rule => Math.Max(1L, rule.Rule.Count));
        var (strongest, speaks) = weighed[0];
        var (trust, weight) = (Trust(strongest), WeightOf(strongest.Severity));
        return new Bilingual(
            $"{Counted(weighed.Count, "rule", "rules", "en")}, {Counted(findings, "finding", "findings", "en")}: together {Percent(belief, "en")}. The strongest is “{strongest.Title?.English ?? strongest.Rule}” with {Percent(speaks, "en")}: weight {Percent(weight, "en")} for its level, right in {Percent(trust, "en")} of cases, found {Times(strongest.Count, "time", "times", "en")}.",
            $"{Counted(weighed.Count, "règle", "règles", "fr")}, {Counted(findings, "constat", "constats", "fr")}\u202f: ensemble {Percent(belief, "fr")}. La plus forte est «\u202f{strongest.Title?.French ?? strongest.Rule}\u202f» avec {Percent(speaks, "fr")}\u202f: poids {Percent(weight, "fr")} pour son niveau, juste dans {Percent(trust, "fr")} des cas, trouvée {Times(strongest.Count, "fois", "fois", "fr")}.");
    }

    private static ScoreTerm Importance(double importance, double belief)
    {
        var factor = double.IsNaN(importance) ? 1 : Math.Clamp(importance, 0.5, 2);
        return new("importance", ImportancePoints * belief * Math.Log2(factor), factor == 1
            ? new Bilingual("No asset concerned is named as more or less important than usual.", "Aucun actif concerné n’est désigné comme plus ou moins important que d’ordinaire.")
            : new Bilingual($"The most important asset concerned counts {Number(factor, "en")} times.", $"L’actif concerné le plus important compte {Number(factor, "fr")} fois."));
    }

    // A technique that serves several tactics is taken for its earliest: no more is claimed than is known.
    private static ScoreTerm Progress(ImmutableArray<string> techniques, double belief)
    {
        var stages = techniques.Select(id => AttackMatrix.Enterprise.Find(id)).OfType<AttackTechnique>()
            .SelectMany(technique => technique.Tactics.Where(Stages.ContainsKey).Select(tactic => Stages[tactic]).Order().Take(1)).ToHashSet();
        if (stages.Count == 0)
            return new("progress", 0, new Bilingual("No known ATT&CK technique was seen.", "Aucune technique ATT&CK connue n’a été vue."));
        var (latest, last) = (stages.Max(), Stages.Count - 1);
        var progress = (0.6 * Math.Min(1, (stages.Count - 1) / 4.0)) + (0.4 * latest / last);
        var name = AttackTacticNames.Of(AttackMatrix.Enterprise.Tactics[latest].ShortName);
        return new("progress", ProgressPoints * belief * progress, new Bilingual(
            $"{Counted(stages.Count, "ATT&CK tactic", "ATT&CK tactics", "en")}; the latest is {name.English}, {latest + 1} of {last + 1}.",
            $"{Counted(stages.Count, "tactique ATT&CK", "tactiques ATT&CK", "fr")}\u202f; la plus avancée est «\u202f{name.French}\u202f», {latest + 1} sur {last + 1}."));
    }

    private static ScoreTerm Spread(ScoreInput input, double belief)
    {
        var spread = (0.4 * Wide(input.Hosts)) + (0.3 * Wide(input.Accounts)) + (0.3 * Math.Clamp((input.Watches - 1) / 2.0, 0, 1));
        return new("spread", SpreadPoints * belief * spread, new Bilingual(
            $"{Counted(input.Hosts, "host or mailbox", "hosts and mailboxes", "en")}, {Counted(input.Accounts, "account", "accounts", "en")}, {Counted(input.Watches, "watch", "watches", "en")}.",
            $"{Counted(input.Hosts, "machine ou boîte", "machines et boîtes", "fr")}, {Counted(input.Accounts, "compte", "comptes", "fr")}, {Counted(input.Watches, "veille", "veilles", "fr")}."));

        // None for one, all for sixteen and more.
        static double Wide(int count) => Math.Log2(Math.Clamp(count, 1, 16)) / 4;
    }

    private static string Counted(long count, string one, string many, string language) =>
        // In French none is one.
        $"{Whole(count, language)} {(count == 1 || (language == "fr" && count == 0) ? one : many)}";

    private static string Times(long count, string one, string many, string language) => Counted(Math.Max(1, count), one, many, language);

    private static string Percent(double share, string language) => $"{(100 * share).ToString("0", CultureInfo.InvariantCulture)}{(language == "fr" ? "\u202f" : "")}%";

    private static string Number(double value, string language) =>
        value.ToString("0.##", CultureInfo.InvariantCulture).Replace(".", language == "fr" ? "," : ".", StringComparison.Ordinal);

    private static string Whole(long value, string language) =>
        value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", language == "fr" ? "\u202f" : ",", StringComparison.Ordinal);
}
