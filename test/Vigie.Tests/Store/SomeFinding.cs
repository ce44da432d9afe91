using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Tests.Store;

/// <summary>Findings as a watch would make them.</summary>
internal static class SomeFinding
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The finding about the message with this number, a minute after the one before.</summary>
    public static Finding Number(int number, string domain = "army.ml", Severity severity = Severity.Medium) => new()
    {
        Id = FindingId.Of("mail.lookalike-recipient", "mail.lookalike-recipient", FindingId.Part(number)),
        Detector = "mail.lookalike-recipient",
        Rule = "mail.lookalike-recipient",
        RuleVersion = "1",
        Title = new Bilingual($"{domain} imitates army.mil", $"{domain} imite army.mil"),
        Severity = severity,
        Confidence = number % 3 == 0 ? null : 0.1 + number % 7 * 0.1,
        FirstSeen = Start.AddMinutes(number),
        LastSeen = Start.AddMinutes(number),
        Entities = [new Entity(EntityKinds.Domain, domain), new Entity(EntityKinds.Mailbox, $"writer{number.ToString(CultureInfo.InvariantCulture)}@example.org")],
        Techniques = ["T1566", "T1583.001"],
        Evidence =
        [
            new Evidence
            {
                Kind = "smtp-recipient",
                Location = $"queue 4XQ{number}",
                Sha256 = new string('a', 64),
                Fields = [KeyValuePair.Create("recipient", $"chief@{domain}"), KeyValuePair.Create("client", "192.0.2.7")],
                Asked = [["chief", "@"], []],
                Copy = "RCPT TO:<chief@army.ml>",
            },
        ],
        Explanation = new Bilingual("One letter of army.mil is missing.", "Il manque une lettre à army.mil."),
    };
}
