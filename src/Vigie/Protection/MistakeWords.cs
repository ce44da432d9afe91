using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>A judgement in words, with the numbers it rests on, so that a person can check it.</summary>
internal static class MistakeWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr-FR");

    public static Bilingual Explain(Imitation imitation, MistakeOdds odds, RelationshipEvidence evidence)
    {
        var (suspect, target) = (imitation.Suspect, imitation.Target.Domain);
        var owner = imitation.Target.Owner is { } name ? $" ({name})" : "";
        return new Bilingual(
            $"{imitation.Explanation.AsSentence().English} Guarded name: {target}{owner}. " +
            $"{OneIn(odds.Traffic, English)} messages is taken to be for {target} and {OneIn(odds.Typed + odds.Led, English)} of those to end as {suspect}: {OneIn(odds.Mistake, English)}. " +
            $"A message really meant for {suspect} is taken to be {OneIn(odds.Meant, English)}. " +
            $"So the probability of a mistake is {Percent(odds.Probability, English)}. {Earlier(imitation, evidence).English} Model {ImitationJudge.ModelVersion}.",
            $"{imitation.Explanation.AsSentence().French} Nom protégé : {target}{owner}. " +
            $"On compte {OneIn(odds.Traffic, French)} messages pour {target}, dont {OneIn(odds.Typed + odds.Led, French)} finit en {suspect} : {OneIn(odds.Mistake, French)}. " +
            $"On compte {OneIn(odds.Meant, French)} messages réellement destinés à {suspect}. " +
            $"La probabilité d'une erreur est donc de {Percent(odds.Probability, French)}. {Earlier(imitation, evidence).French} Modèle {ImitationJudge.ModelVersion}.");
    }

    private static Bilingual Earlier(Imitation imitation, RelationshipEvidence evidence)
    {
        var (suspect, target) = (imitation.Suspect, imitation.Target.Domain);
        var toSuspect = evidence switch
        {
            { RepliesSeen: true } => new Bilingual($"{suspect} has answered mail from here, so it is a correspondent.", $"{suspect} a répondu à un message d'ici : c'est un correspondant."),
            { OrganisationToDomain: > 0 } or { SenderToDomain: > 0 } => new Bilingual(
                $"Earlier messages exchanged with {suspect}: {evidence.SenderToDomain} by the sender, {evidence.OrganisationToDomain} by the organization, none answered.",
                $"Messages déjà échangés avec {suspect} : {evidence.SenderToDomain} par l'expéditeur, {evidence.OrganisationToDomain} par l'organisation, sans réponse."),
            _ => new Bilingual($"Nobody here has exchanged a message with {suspect} before.", $"Personne ici n'a encore échangé de message avec {suspect}."),
        };
        if (evidence is { OrganisationToTarget: <= 0, SenderToTarget: <= 0 }) return toSuspect;
        return new Bilingual(
            $"{toSuspect.English} With {target}: {evidence.SenderToTarget} by the sender, {evidence.OrganisationToTarget} by the organization.",
            $"{toSuspect.French} Avec {target} : {evidence.SenderToTarget} par l'expéditeur, {evidence.OrganisationToTarget} par l'organisation.");
    }

    // "1 in 4,300": two significant digits say as much as the numbers are worth.
    internal static string OneIn(double probability, CultureInfo culture)
    {
        var word = culture == French ? "sur" : "in";
        if (!(probability > 0)) return culture == French ? "presque aucun" : "almost none";
        var count = Math.Max(1, 1 / probability);
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(count)) - 1));
        return string.Create(culture, $"1 {word} {Math.Round(count / unit) * unit:N0}");
    }

    // Never "100 %": no name alone proves a mistake.
    private static string Percent(double probability, CultureInfo culture) =>
        (Math.Floor(1000 * Math.Min(probability, 0.999)) / 10).ToString("0.0", culture) + (culture == French ? " %" : "%");
}
