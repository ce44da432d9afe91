using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Pages;

/// <summary>What the inbox is asked for, read from a query string that anybody may have written.</summary>
public sealed record InboxFilter
{
    /// <summary>Rows of a page.</summary>
    public const int PageSize = 50;

    /// <summary>Incidents assigned to whoever asks.</summary>
    public const string Me = "me";

    /// <summary>Incidents of nobody.</summary>
    public const string Nobody = "nobody";

    private const int MostPages = 10_000;

    /// <summary>The choices of status; the first, what is not over, is meant where none is named.</summary>
    public static readonly IReadOnlyList<(string? Id, Bilingual Name, IncidentStatus[] Status)> States =
    [
        (null, InboxTexts.Open, [IncidentStatus.New, IncidentStatus.InWork, IncidentStatus.Waiting]),
        ("new", IncidentTexts.Name(IncidentStatus.New), [IncidentStatus.New]),
        ("work", IncidentTexts.Name(IncidentStatus.InWork), [IncidentStatus.InWork]),
        ("waiting", IncidentTexts.Name(IncidentStatus.Waiting), [IncidentStatus.Waiting]),
        ("closed", IncidentTexts.Name(IncidentStatus.Closed), [IncidentStatus.Closed]),
        ("all", InboxTexts.All, []),
    ];

    /// <summary>The periods to choose from; the first is all.</summary>
    public static readonly IReadOnlyList<(string? Id, Bilingual Name, TimeSpan? Length)> Periods = FindingFilter.Periods;

    /// <summary>Text within the title, or the number.</summary>
    public string? Text { get; init; }

    /// <summary>The id of one of <see cref="States"/>.</summary>
    public string? Status { get; init; }

    /// <summary>The least severity.</summary>
    public Severity? AtLeast { get; init; }

    /// <summary>An account's name, <see cref="Me"/> or <see cref="Nobody"/>.</summary>
    public string? Assignee { get; init; }

    /// <summary>The watch that saw it.</summary>
    public string? Watch { get; init; }

    /// <summary>What it was judged to be.</summary>
    public IncidentVerdict? Verdict { get; init; }

    /// <summary>An ATT&amp;CK technique of it.</summary>
    public string? Technique { get; init; }

    /// <summary>The id of one of <see cref="Periods"/>.</summary>
    public string? Period { get; init; }

    /// <summary>A rule that speaks alone: then the incidents stand one by one.</summary>
    public string? Rule { get; init; }

    /// <summary>An entity of one of its findings.</summary>
    public Entity? Entity { get; init; }

    /// <summary>The column that orders.</summary>
    public IncidentOrder Order { get; init; }

    /// <summary>Whether the smallest comes first.</summary>
    public bool Ascending { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Whether anything but the usual is asked for.</summary>
    public bool Narrows => (this with { Order = default, Ascending = false, Page = 1 }) != new InboxFilter();

    /// <summary>Whether one of the rarer conditions is set.</summary>
    public bool NarrowsFurther => Watch is not null || Verdict is not null || Technique is not null || Period is not null;

    /// <summary>Reads a query string.</summary>
    public static InboxFilter Read(IQueryCollection query)
    {
        string? Value(string name) => Query.Text(query[name]);
        var (status, period, kind, entity) = (Value("status"), Value("period"), Value("kind"), Value("entity"));
        return new InboxFilter
        {
            Text = Value("q"),
            Status = States.Any(state => state.Id == status) ? status : null,
            AtLeast = Query.Name<Severity>(Value("severity")),
            Assignee = Value("assignee"),
            Watch = Value("watch") is { } watch && watch.All(c => char.IsAsciiLetterLower(c) || c == '-') ? watch : null,
            Verdict = Query.Name<IncidentVerdict>(Value("verdict")),
            Technique = Value("technique") is { } technique && technique.Length <= 12 && technique.All(c => char.IsAsciiLetterOrDigit(c) || c == '.') ? technique.ToUpperInvariant() : null,
            Period = Periods.Any(p => p.Id == period) ? period : null,
            Rule = Value("rule"),
            Entity = kind is not null && entity is not null ? new Entity(kind, entity) : null,
            Order = Query.Name<IncidentOrder>(Value("order")) ?? default,
            Ascending = Value("up") == "1",
            Page = (int)Math.Clamp(Query.Number(Value("page")) ?? 1, 1, MostPages),
        };
    }

    /// <summary>What the store is asked.</summary>
    public IncidentQuery ToQuery(Viewer viewer) => new()
    {
        Text = Text,
        Status = States.First(state => state.Id == Status).Status,
        AtLeast = AtLeast,
        Assignee = Assignee switch { Me => viewer.Name, Nobody => "", var name => name },
        Watch = Watch,
        Verdict = Verdict,
        Technique = Technique,
        From = viewer.Now - Periods.First(p => p.Id == Period).Length,
        OnlyRule = Rule,
        Entity = Entity,
        Order = Order,
        Ascending = Ascending,
        French = viewer.Language == "fr",
        Offset = (Page - 1) * PageSize,
        Limit = PageSize,
    };

    /// <summary>The same, ordered by another column: first the way that matters most, then the other way round.</summary>
    public InboxFilter OrderedBy(IncidentOrder order) => this with
    {
        Order = order,
        Ascending = Order == order ? !Ascending : order is IncidentOrder.Title or IncidentOrder.Assignee or IncidentOrder.Status,
        Page = 1,
    };

    /// <summary>The inbox's address with this filter.</summary>
    public string Address() => Query.Address(InboxPages.List, Values());

    /// <summary>The conditions as a query string, without page: what a saved filter keeps.</summary>
    public string ToSaved() => Query.Address("", (this with { Page = 1 }).Values());

    private IEnumerable<(string Name, string? Value)> Values() =>
    [
        ("q", Text), ("status", Status), ("severity", AtLeast?.ToString().ToLowerInvariant()), ("assignee", Assignee), ("watch", Watch), ("verdict", Verdict?.ToString().ToLowerInvariant()),
        ("technique", Technique), ("period", Period), ("rule", Rule), ("kind", Entity?.Kind), ("entity", Entity?.Value), ("order", Order == default ? null : Order.ToString().ToLowerInvariant()), ("up", Ascending ? "1" : null),
        ("page", Page > 1 ? Page.ToString(System.Globalization.CultureInfo.InvariantCulture) : null),
    ];
}
