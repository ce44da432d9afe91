using System.Collections.Immutable;
using Vigie.Incidents;
using Vigie.Incidents.Desk;

namespace Vigie.Tests.Incidents.Desk;

public sealed class HistoryTextsTests
{
    [Theory]
    [InlineData("kofi", "took it", "l’a pris en charge")]
    [InlineData("ines", "gave it to ines", "l’a confié à ines")]
    [InlineData(null, "gave it to nobody", "ne l’a confié à personne")]
    public void Whoever_takes_an_incident_does_not_give_it_to_himself(string? to, string english, string french)
    {
        var details = to is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("to", to);
        var said = HistoryTexts.Say(new IncidentHistoryEntry(1, DateTimeOffset.UnixEpoch, "kofi", IncidentActions.Assigned, details));
        Assert.Equal((english, french), (said.English, said.French));
    }
}
