using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Console;

/// <summary>What the findings page is asked for, read from a query string that anybody may have written.</summary>
internal sealed record FindingFilter
{
    /// <summary>The periods to choose from; the first is all.</summary>
    public static readonly IReadOnlyList<(string? Id, Bilingual Name, TimeSpan? Length)> Periods =
    [
        (null, FindingTexts.AllTime, null),
        ("day", FindingTexts.LastDay, TimeSpan.FromDays(1)),
        ("week", FindingTexts.LastWeek, TimeSpan.FromDays(7)),
        ("month", FindingTexts.LastMonth, TimeSpan.FromDays(30)),
    ];

    public string? Text { get; init; }

    public Severity? AtLeast { get; init; }

    public string? Watch { get; init; }

    public string? Rule { get; init; }

    public string? Host { get; init; }

    /// <summary>Another entity than a host: its kind and value.</summary>
    public Entity? Entity { get; init; }

    public string? Period { get; init; }

    /// <summary>Whether findings of muted rules are shown too.</summary>
    public bool Muted { get; init; }

    /// <summary>Whether findings are counted by rule.</summary>
    public bool ByRule { get; init; }

    /// <summary>Whether anything is left out.</summary>
    public bool Narrows => (this with { ByRule = false }) != new FindingFilter();

    /// <summary>Reads a query string.</summary>
    public static FindingFilter Read(IQueryCollection query)
    {
        string? Value(string name) => Query.Text(query[name]);
        var period = Value("period");
        var (kind, entity) = (Value("kind"), Value("entity"));
        return new FindingFilter
        {
            Text = Value("q"),
            AtLeast = Query.Name<Severity>(Value("severity")),
            Watch = Value("watch") is { } watch && watch.All(char.IsAsciiLetterLower) ? watch : null,
            Rule = Value("rule"),
            Host = Value("host"),
            Entity = kind is not null && entity is not null ? new Entity(kind, entity) : null,
            Period = Periods.Any(p => p.Id == period) ? period : null,
            Muted = Value("muted") == "1",
            ByRule = Value("group") == "rule",
        };
    }

    /// <summary>What the store is asked.</summary>
    public FindingQuery ToQuery(DateTimeOffset now, string? after) => new()
    {
        Text = Text,
        AtLeast = AtLeast,
        Watch = Watch,
        Rule = Rule,
        Muted = Muted ? null : false,
        EntityKind = Host is not null ? EntityKinds.Host : Entity?.Kind,
        EntityValue = Host ?? Entity?.Value,
        From = now - Periods.First(p => p.Id == Period).Length,
        After = Cursor.TryParse(after, out var cursor) ? cursor : null,
    };

    /// <summary>The page's address with this filter.</summary>
    public string Address(string? after = null) => Query.Address(
        "/findings",
        ("q", Text), ("severity", AtLeast?.ToString().ToLowerInvariant()), ("watch", Watch), ("rule", Rule), ("host", Host),
        ("kind", Entity?.Kind), ("entity", Entity?.Value), ("period", Period), ("muted", Muted ? "1" : null), ("group", ByRule ? "rule" : null), ("after", after));
}
