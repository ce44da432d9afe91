using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Vigie.Engine.Findings;
using Vigie.Operations.Smtp;

namespace Vigie.Incidents.Notifications;

/// <summary>Somebody outside who is told of incidents: an item of <c>incidents.notify</c>.</summary>
internal sealed record NotifyChannel
{
    /// <summary>Its name, by which records know it.</summary>
    public required string Name { get; init; }

    /// <summary>The mail server; null for a webhook.</summary>
    public SmtpServer? Server { get; init; }

    /// <summary>The address in the header; the envelope's sender is always empty.</summary>
    public string From { get; init; } = "";

    /// <summary>Who gets the mail.</summary>
    public ImmutableArray<string> To { get; init; } = [];

    /// <summary>Where a webhook is posted; null for mail. Often holds a token: never shown, only its host.</summary>
    public Uri? Url { get; init; }

    /// <summary>What a webhook is signed with.</summary>
    public ImmutableArray<byte> Secret { get; init; } = [];

    /// <summary>Authorities that are trusted beside those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Incidents below are not told of.</summary>
    public Severity AtLeastSeverity { get; init; } = Severity.High;

    /// <summary>Incidents below are not told of, from 0 to 100.</summary>
    public double AtLeastScore { get; init; }

    /// <summary>By how much a score has to rise to be told of again.</summary>
    public double RiseBy { get; init; } = 15;

    /// <summary>The most messages within an hour; what is above waits and becomes one digest.</summary>
    public int PerHour { get; init; } = 12;

    /// <summary>When only what is grave gets through; null for never.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>From this severity on quiet hours do not count.</summary>
    public Severity OverrideAt { get; init; } = Severity.Critical;

    /// <summary><c>en</c> or <c>fr</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Whether it is mail.</summary>
    public bool IsMail => Server is not null;

    /// <summary>Where it leads, without anything secret.</summary>
    public string Where => IsMail ? string.Join(", ", To) : Url!.Host;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
