using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Lookalikes;
using Vigie.Store;

namespace Vigie.Watches.Mail.Pages;

/// <summary>What the decisions page is asked for, read from a query string that anybody may have written.</summary>
internal sealed record DecisionFilter(string? Text, string? Domain, Verdict? Verdict, Mode? Mode, string? Period)
{
    /// <summary>The periods to choose from; the first is all.</summary>
    public static readonly IReadOnlyList<(string? Id, Bilingual Name, TimeSpan? Length)> Periods =
    [
        (null, MailTexts.AllTime, null),
        ("day", MailTexts.LastDay, TimeSpan.FromDays(1)),
        ("week", MailTexts.LastWeek, TimeSpan.FromDays(7)),
        ("month", MailTexts.LastMonth, TimeSpan.FromDays(30)),
    ];

    /// <summary>Whether anything is left out.</summary>
    public bool Narrows => this is not { Text: null, Domain: null, Verdict: null, Mode: null, Period: null };

    public static DecisionFilter Read(string? text, string? domain, string? verdict, string? mode, string? period) => new(
        Query.Text(text),
        Query.Text(domain) is { } typed ? DomainNames.TryNormalize(typed, out var ascii, out _) ? ascii : typed : null,
        Query.Name<Verdict>(verdict),
        Query.Name<Mode>(mode),
        Periods.Any(p => p.Id == period) ? period : null);

    public DecisionQuery ToQuery(DateTimeOffset now, string? after) => new()
    {
        Text = Text,
        Domain = Domain,
        Verdicts = Verdict is { } verdict ? [verdict] : [],
        Mode = Mode,
        From = now - Periods.First(p => p.Id == Period).Length,
        After = Cursor.TryParse(after, out var cursor) ? cursor : null,
    };

    public string Address(string? after) => Query.Address(
        "/decisions",
        ("q", Text), ("domain", Domain), ("verdict", Verdict?.ToString().ToLowerInvariant()), ("mode", Mode?.ToString().ToLowerInvariant()),
        ("period", Period), ("after", after));
}
