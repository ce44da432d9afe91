using Vigie.Operations;

namespace Vigie.Incidents;

/// <summary>How findings become incidents: <c>incidents</c> in the settings.</summary>
public sealed record IncidentsSettings
{
    /// <summary>How far back findings are held in memory to be joined.</summary>
    public required TimeSpan Horizon { get; init; }

    /// <summary>Reads the section.</summary>
    public static IncidentsSettings Read(SettingsSection section) => new()
    {
        Horizon = section.Duration("horizon", TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromDays(400)),
    };
}
