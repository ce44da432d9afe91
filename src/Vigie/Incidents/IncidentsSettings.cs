using System.Collections.Frozen;
using System.Collections.Immutable;
using Vigie.Engine.Findings;
using Vigie.Engine.Stix;
using Vigie.Incidents.Notifications;
using Vigie.Incidents.Placing;
using Vigie.Operations;

namespace Vigie.Incidents;

/// <summary>How findings become incidents: <c>incidents</c> in the settings.</summary>
public sealed record IncidentsSettings
{
    private static readonly string[] Kinds =
    [
        EntityKinds.Host, EntityKinds.User, EntityKinds.Mailbox, EntityKinds.Ip, EntityKinds.Domain, EntityKinds.Resource, EntityKinds.Url, EntityKinds.FileHash, EntityKinds.Process,
        EntityKinds.QueueId,
    ];

    /// <summary>How far back findings are held in memory to be joined.</summary>
    public required TimeSpan Horizon { get; init; }

    /// <summary>What matters more, or less, than the rest.</summary>
    public ImmutableArray<AssetPattern> Assets { get; init; } = [];

    /// <summary>Entities that join nothing: a mail gateway, a proxy, a scanner.</summary>
    public FrozenSet<Entity> Hubs { get; init; } = [];

    /// <summary>What exports of incidents are marked with.</summary>
    public TlpMarking Marking { get; init; } = TlpMarking.Of(TlpLevel.Amber);

    /// <summary>Who is told of incidents.</summary>
    internal ImmutableArray<NotifyChannel> Notify { get; init; } = [];

    /// <summary>Reads the section.</summary>
    public static IncidentsSettings Read(SettingsSection section) => new()
    {
        Horizon = section.Duration("horizon", TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromDays(400)),
        Assets = [.. section.Sections("assets").Select(Asset).OfType<AssetPattern>()],
        Hubs = section.Strings("hubs").Select(text => Parse(section, "hubs", text)).OfType<Entity>().ToFrozenSet(),
        Marking = TlpMarking.Of(section.Enum("marking", TlpLevel.Amber)),
        Notify = NotifySettings.Read(section),
    };

    private static AssetPattern? Asset(SettingsSection section)
    {
        var text = section.String("entity", "");
        var importance = section.Number("importance", 1.5, 0.5, 2);
        return Parse(section, "entity", text) is { } entity ? new AssetPattern(entity.Kind, entity.Value, importance) : null;
    }

    private static Entity? Parse(SettingsSection section, string key, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && colon < text.Length - 1 && Kinds.Contains(text[..colon], StringComparer.Ordinal)) return new Entity(text[..colon], text[(colon + 1)..]);
        section.Problem(key, $"\"{text}\" must be a kind and a value, such as host:dc01 or ip:192.0.2.7; kinds are {string.Join(", ", Kinds)}");
        return null;
    }
}
