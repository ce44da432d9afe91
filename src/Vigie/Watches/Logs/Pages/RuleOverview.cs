using System.Diagnostics;
using System.Globalization;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs.Explaining;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pages;

/// <summary>A rule or correlation in use, with what it has brought.</summary>
/// <param name="Rule">The <see cref="SigmaRule"/> or <see cref="CorrelationRule"/>.</param>
/// <param name="Counts">What it has brought; null where it never fired.</param>
/// <param name="Mute">The mute that holds; null where none does.</param>
/// <param name="IsOnlyCounted">Whether it speaks only through correlations.</param>
internal sealed record RuleRow(SigmaHeader Rule, LogRuleCounts? Counts, RuleMute? Mute, bool IsOnlyCounted)
{
    /// <summary>Whether it matches nothing until a placeholder has a value.</summary>
    public bool Waits => Rule is SigmaRule { MissingPlaceholders.IsEmpty: false };

    /// <summary>The detector in its findings.</summary>
    public string Detector => Rule is CorrelationRule ? LogFindings.Correlation : LogFindings.Sigma;
}

/// <summary>Rules and what the store knows of them, put together for pages.</summary>
internal sealed class RuleOverview(RuleLibrary library, LogRuleTable table, RuleMutes mutes)
{
    /// <summary>Every rule and correlation in use.</summary>
    public async Task<IReadOnlyList<RuleRow>> LoadAsync(CancellationToken ct)
    {
        var counts = await table.LoadAsync(ct);
        var active = (await mutes.ActiveAsync(ct)).GroupBy(mute => mute.Rule, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.MaxBy(mute => mute.Until)!, StringComparer.Ordinal);
        var rules = library.Current;
        return [.. rules.All.Select(rule => new RuleRow(rule, counts.GetValueOrDefault(rule.Id), active.GetValueOrDefault(rule.Id), rules.IsOnlyCounted(rule)))];
    }

    /// <summary>One rule or correlation; null where none in use has this id.</summary>
    public async Task<RuleRow?> FindAsync(string id, CancellationToken ct)
    {
        var rules = library.Current;
        if (rules.Find(id) is not { } rule) return null;
        var counts = await table.LoadAsync(ct);
        var mute = (await mutes.ActiveAsync(ct)).Where(mute => mute.Rule == rule.Id).MaxBy(mute => mute.Until);
        return new RuleRow(rule, counts.GetValueOrDefault(rule.Id), mute, rules.IsOnlyCounted(rule));
    }

    /// <summary>The rules and correlations that a correlation counts, in its order.</summary>
    public IReadOnlyList<SigmaHeader> CountedBy(CorrelationRule correlation)
    {
        var rules = library.Current;
        return [.. rules.Correlations.CountedBy(correlation).Select(rules.Find).OfType<SigmaHeader>()];
    }

    /// <summary>The correlations that count a rule or correlation.</summary>
    public IReadOnlyList<CorrelationRule> Counting(SigmaHeader rule) => library.Current.Correlations.Counting(rule.Id);

    /// <summary>How often a rule was evaluated since it was loaded, and how long that took.</summary>
    public (long Evaluated, TimeSpan Time) CostOf(SigmaRule rule)
    {
        var current = library.Current;
        var place = current.Rules.IndexOf(rule);
        if (place < 0) return default;
        var count = current.Set.CountOf(place);
        return (count.Evaluated, Stopwatch.GetElapsedTime(0, count.Cost));
    }
}

/// <summary>Which rules the page shows.</summary>
internal enum RuleShown
{
    All,
    Fired,
    Silent,
    Muted,
    Waiting,
    Correlations,
    Failed,
}

/// <summary>In which order.</summary>
internal enum RuleOrder
{
    Level,
    Noise,
    Latest,
}

/// <summary>What the rules page is asked for, read from a query string that anybody may have written.</summary>
internal sealed record RuleFilter(string? Text, Severity? AtLeast, RuleShown Shown, RuleOrder Order)
{
    /// <summary>Whether anything is left out.</summary>
    public bool Narrows => Text is not null || AtLeast is not null || Shown != RuleShown.All;

    /// <summary>The rows that fit, in the order asked for.</summary>
    /// <param name="rows">All.</param>
    /// <param name="language">The language in which titles are shown.</param>
    /// <param name="culture">Whose alphabet orders them.</param>
    public IEnumerable<RuleRow> Apply(IEnumerable<RuleRow> rows, string language, CultureInfo culture)
    {
        var alphabet = StringComparer.Create(culture, ignoreCase: true);
        var fitting = rows.Where(Fits);
        return Order switch
        {
            RuleOrder.Noise => fitting.OrderByDescending(row => row.Counts?.Matches ?? 0).ThenByDescending(row => row.Rule.Level).ThenBy(row => row.Rule.Titles.In(language), alphabet),
            RuleOrder.Latest => fitting.OrderByDescending(row => row.Counts?.LastFired ?? DateTimeOffset.MinValue).ThenByDescending(row => row.Rule.Level).ThenBy(row => row.Rule.Titles.In(language), alphabet),
            _ => fitting.OrderByDescending(row => row.Rule.Level).ThenByDescending(row => row.Counts?.Matches ?? 0).ThenBy(row => row.Rule.Titles.In(language), alphabet),
        };
    }

    /// <summary>The page's address with this filter.</summary>
    public string Address(long skip = 0) => Console.Query.Address(
        "/rules",
        ("q", Text), ("severity", AtLeast?.ToString().ToLowerInvariant()), ("show", Shown == RuleShown.All ? null : Shown.ToString().ToLowerInvariant()),
        ("order", Order == RuleOrder.Level ? null : Order.ToString().ToLowerInvariant()),
        ("skip", skip > 0 ? skip.ToString(CultureInfo.InvariantCulture) : null));

    private bool Fits(RuleRow row)
    {
        var shown = Shown switch
        {
            RuleShown.Fired => row.Counts is { Matches: > 0 },
            RuleShown.Silent => row.Counts is not { Matches: > 0 },
            RuleShown.Muted => row.Mute is not null,
            RuleShown.Waiting => row.Waits,
            RuleShown.Correlations => row.Rule is CorrelationRule,
            _ => true,
        };
        return shown && (AtLeast is not { } least || row.Rule.Level >= least) && (Text is not { } text || Says(row.Rule, text));
    }

    // In both languages: who reads French still knows the title that the rule's file has.
    private static bool Says(SigmaHeader rule, string text) =>
        Says(rule.Title, text) || Says(rule.FrenchTitle, text) || Says(rule.Id, text) || rule.Tags.Any(tag => Says(tag, text)) || rule switch
        {
            SigmaRule detection => Says(TermText.SourceOf(detection.Source), text),
            CorrelationRule correlation => Says(CorrelationText.SearchedBy(correlation), text),
            _ => false,
        };

    private static bool Says(string? words, string text) => words?.Contains(text, StringComparison.OrdinalIgnoreCase) ?? false;
}
