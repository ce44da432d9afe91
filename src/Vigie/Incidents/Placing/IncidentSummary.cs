using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Store;

namespace Vigie.Incidents.Placing;

/// <summary>What the row of an incident says of its findings.</summary>
/// <param name="Title">Its name, unless a person gave it one.</param>
/// <param name="FirstSeen">Unix milliseconds.</param>
/// <param name="LastSeen">Unix milliseconds.</param>
/// <param name="Severity">Of the gravest finding.</param>
/// <param name="Score">From 0 to 100.</param>
/// <param name="Terms">What adds up to the score, as JSON (<see cref="IncidentJson.Of(ImmutableArray{ScoreTerm})"/>).</param>
/// <param name="Findings">How many.</param>
/// <param name="Rules">How many different ones spoke.</param>
/// <param name="OnlyRule">Detector and rule where a single one spoke; otherwise null.</param>
/// <param name="Watches">The watches that saw it, as JSON.</param>
/// <param name="Techniques">ATT&amp;CK techniques, as JSON.</param>
/// <param name="About">The foremost entities, as JSON (<see cref="IncidentJson.Of(ImmutableArray{IncidentEntity})"/>).</param>
internal sealed record IncidentSummary(
    Bilingual Title, long FirstSeen, long LastSeen, Severity Severity, double Score, string Terms, long Findings, int Rules, string? OnlyRule, string Watches, string Techniques, string About)
{
    // The one place that says which value lies in which column. The title has its own two: a person's name stays.
    private static readonly ImmutableArray<(string Name, ColumnType Type, Func<IncidentSummary, object?> Of)> Row =
    [
        ("first_seen", ColumnType.Long, summary => summary.FirstSeen),
        ("last_seen", ColumnType.Long, summary => summary.LastSeen),
        ("severity", ColumnType.Short, summary => (short)summary.Severity),
        ("score", ColumnType.Double, summary => summary.Score),
        ("terms", ColumnType.Text, summary => summary.Terms),
        ("findings", ColumnType.Long, summary => summary.Findings),
        ("rules", ColumnType.Int, summary => summary.Rules),
        ("only_rule", ColumnType.Text, summary => summary.OnlyRule),
        ("watches", ColumnType.Text, summary => summary.Watches),
        ("techniques", ColumnType.Text, summary => summary.Techniques),
        ("about", ColumnType.Text, summary => summary.About),
    ];

    /// <summary>The columns of <c>incident</c> it fills, besides the title.</summary>
    public static ImmutableArray<(string Name, ColumnType Type)> Columns { get; } = [.. Row.Select(column => (column.Name, column.Type))];

    /// <summary>Names an incident: its number, then the title in English and in French.</summary>
    public static RowStatement Entitle { get; } = new(RowAction.Update, "incident", [("id", ColumnType.Long), ("title_en", ColumnType.Text), ("title_fr", ColumnType.Text)]);

    /// <summary>What stands in <see cref="Columns"/>.</summary>
    public IEnumerable<object?> Values => Row.Select(column => column.Of(this));
}
