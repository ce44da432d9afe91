using System.Globalization;
using Vigie.Console;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>The form of a new suppression as it stands in an address: anybody may have written it, and it is never lost on the way.</summary>
internal sealed record SuppressionForm
{
    public const string Path = "/suppressions/new";

    /// <summary>The kinds of entities to choose from.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        [EntityKinds.Host, EntityKinds.User, EntityKinds.Mailbox, EntityKinds.Domain, EntityKinds.Ip, EntityKinds.FileHash, EntityKinds.Url, EntityKinds.Process, EntityKinds.Resource, EntityKinds.QueueId];

    private const string Format = "yyyy-MM-ddTHH:mm";

    public string? Detector { get; init; }

    public string? Rule { get; init; }

    public string? Kind { get; init; }

    public string? Value { get; init; }

    public string? From { get; init; }

    public string? Until { get; init; }

    public string? Owner { get; init; }

    public string? Reason { get; init; }

    /// <summary>Reads the fields, wherever they come from.</summary>
    public static SuppressionForm Read(Func<string, string?> field) => new()
    {
        Detector = Query.Text(field("detector")),
        Rule = Query.Text(field("rule")),
        Kind = Query.Text(field("kind")) is { } kind && Kinds.Contains(kind) ? kind : null,
        Value = Query.Text(field("value")),
        From = Query.Text(field("from")),
        Until = Query.Text(field("until")),
        Owner = Query.Text(field("owner")),
        Reason = Query.Text(field("reason")),
    };

    /// <summary>Whether there is a condition to look at.</summary>
    public bool HasConditions => Detector is not null || Rule is not null || (Kind is not null && Value is not null);

    /// <summary>The page with what is filled in.</summary>
    public string Address => Query.Address(
        Path, ("detector", Detector), ("rule", Rule), ("kind", Kind), ("value", Value), ("from", From), ("until", Until), ("owner", Owner), ("reason", Reason));

    /// <summary>What it says, times in the console's zone.</summary>
    public async Task<SuppressionDraft> ToDraftAsync(SuppressionDesk desk, TimeZoneInfo zone, CancellationToken ct) => new(
        Detector,
        Rule,
        Kind is not null && Value is not null ? await desk.AsStoredAsync(Kind, Value, ct) : null,
        TimeOf(From, zone),
        TimeOf(Until, zone),
        Owner ?? "",
        Reason ?? "");

    /// <summary>A time as the field of a form has it.</summary>
    public static string Text(DateTimeOffset local) => local.ToString(Format, CultureInfo.InvariantCulture);

    // An hour that does not exist, when clocks go forward, is the one after it.
    private static DateTimeOffset? TimeOf(string? text, TimeZoneInfo zone)
    {
        if (!DateTime.TryParseExact(text, [Format, Format + ":ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 2000 or > 9000) return null;
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}
