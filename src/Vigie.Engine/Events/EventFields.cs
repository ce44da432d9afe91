using System.Collections.Immutable;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Events;

/// <summary>
/// The names every catalog has, whatever the rules read: what readers classify events by, what identifies an event and
/// what entities are taken from. A format that needs more adds its own list.
/// </summary>
public static class EventFields
{
    /// <summary>What identifies a Windows event and tells its kind.</summary>
    private static readonly string[] WindowsSystem = ["Channel", "EventID", "Provider_Name", "Computer", "EventRecordID", "TimeCreated", "Level", "Keywords"];

    /// <summary>What text formats call the parties by once the log's own names were translated.</summary>
    private static readonly string[] TextParties = ["hostname", "src_ip", "dst_ip", "User", "SourceUser", "DestinationIp", "query", "cs-host", "url"];

    /// <summary>Every reserved name, once.</summary>
    public static ImmutableArray<string> Always { get; } =
    [
        .. WindowsSystem
            .Concat(WindowsFields.Sources)
            .Concat(TextParties)
            .Distinct(StringComparer.Ordinal),
    ];
}
