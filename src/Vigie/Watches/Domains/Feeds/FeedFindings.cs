using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>Says in a finding that a look-alike appeared in a feed.</summary>
internal static class FeedFindings
{
    public const string Seen = "domains.lookalike-seen";

    private const string Version = "1";
    private const double Likely = 1e-4;
    private const double Deceptive = 0.9;

    /// <summary>A look-alike is one finding however often, and in however many feeds, it appears: its first sighting.</summary>
    public static Finding Of(NameMatch match, string feed, long offset, DateTimeOffset time)
    {
        var near = match.Likelihood >= Likely || match.Resemblance >= Deceptive;
        var odds = string.Create(CultureInfo.InvariantCulture, $"{match.Likelihood:0.#e0}");
        var resemblance = string.Create(CultureInfo.InvariantCulture, $"{match.Resemblance:0.00}");
        return new Finding
        {
            Id = FindingId.Of(Seen, Seen, match.Registrable, match.Target),
            Detector = Seen,
            Rule = Seen,
            RuleVersion = Version,
            Title = new Bilingual($"{match.Suspect}, a look-alike of {match.Target}, appeared in {feed}", $"{match.Suspect}, sosie de {match.Target}, est apparu dans {feed}"),
            Severity = near ? Severity.Medium : Severity.Low,
            FirstSeen = time,
            LastSeen = time,
            Entities = match.Suspect == match.Registrable
                ? [new Entity(EntityKinds.Domain, match.Suspect), new Entity(EntityKinds.Domain, match.Target)]
                : [new Entity(EntityKinds.Domain, match.Suspect), new Entity(EntityKinds.Domain, match.Target), new Entity(EntityKinds.Domain, match.Registrable)],
            Techniques = ["T1583.001"],
            Evidence =
            [
                new Evidence
                {
                    Kind = "feed-line",
                    Location = $"{feed}:{offset}",
                    Fields = [new("name", match.Suspect), new("feed", feed), new("family", match.Family)],
                    Asked = [[]],
                },
            ],
            Explanation = new Bilingual(
                $"The feed \"{feed}\" names {match.Suspect}. {match.Explanation.AsSentence().English} Probability that one message meant for {match.Target} is typed so: {odds}; resemblance to a reader: {resemblance}.",
                $"Le flux « {feed} » nomme {match.Suspect}. {match.Explanation.AsSentence().French} Probabilité qu'un message destiné à {match.Target} soit adressé ainsi : {odds} ; ressemblance pour un lecteur : {resemblance}."),
        };
    }
}
