using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Engine;
using Vigie.Operations;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Watches.Logs;

// Neither makes the node unready: mail is judged without the log watch.

/// <summary>Whether rules are in use, and whether some of them cannot be.</summary>
internal sealed class LogRulesHealth(RuleLibrary library) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (library.LoadedAt is not { } loaded) return HealthSaid.Worries("the rules are not loaded yet; logs wait", "les règles ne sont pas encore chargées ; les journaux attendent");
        var rules = library.Current;
        var errors = rules.Problems.Where(p => p.IsError).ToList();
        var english = string.Create(CultureInfo.InvariantCulture, $"{rules.Rules.Length} rules and {rules.Correlations.Correlations.Length} correlations, loaded {loaded:u}");
        var french = string.Create(CultureInfo.InvariantCulture, $"{rules.Rules.Length} règles et {rules.Correlations.Correlations.Length} corrélations, chargées {loaded:u}");
        if (rules.Rules.IsEmpty) return HealthSaid.Worries($"no rules: name a folder in logs.rules, or \"vigie rules add\" a set; {errors.FirstOrDefault()}", $"aucune règle : nommez un dossier dans logs.rules, ou ajoutez un jeu par « vigie rules add » ; {errors.FirstOrDefault()}");
        if (errors.Count == 0) return HealthSaid.Works(english, french);
        return HealthSaid.Worries(
            string.Create(CultureInfo.InvariantCulture, $"{english}; {errors.Count} {(errors.Count == 1 ? "problem" : "problems, the first")}: {errors[0]}"),
            string.Create(CultureInfo.InvariantCulture, $"{french} ; {errors.Count} {(errors.Count == 1 ? "problème" : "problèmes, dont le premier")} : {errors[0]}"));
    }
}

/// <summary>Whether the sources work and keep up.</summary>
internal sealed class LogSourcesHealth(LogSources sources, LogCommit commit, TimeProvider time) : IHealthCheck
{
    private const long FarBehind = 500_000_000;

    private static readonly TimeSpan RecentDrops = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, (long Dropped, DateTimeOffset At)> _dropped = new(StringComparer.Ordinal);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = new List<Bilingual>();
        if (commit.IsFailing) problems.Add(new("what is found cannot be stored; sources wait", "ce qui est trouvé ne peut être enregistré ; les sources attendent"));
        foreach (var state in sources.States)
        {
            var status = state.Status;
            if (status.LastError is { } error) problems.Add(new($"{state.Name}: {error}", $"{state.Name} : {error}"));
            if (status.Behind > FarBehind) problems.Add(new(string.Create(CultureInfo.InvariantCulture, $"{state.Name}: {status.Behind / 1_000_000} MB behind"), string.Create(CultureInfo.InvariantCulture, $"{state.Name} : {status.Behind / 1_000_000} Mo de retard")));
            if (HasDropped(state.Name, status.Dropped)) problems.Add(new(string.Create(CultureInfo.InvariantCulture, $"{state.Name}: messages were lost ({status.Dropped} in all)"), string.Create(CultureInfo.InvariantCulture, $"{state.Name} : des messages ont été perdus ({status.Dropped} en tout)")));
        }

        return Task.FromResult(problems.Count == 0
            ? HealthSaid.Works(sources.States.Count == 1 ? "1 source" : $"{sources.States.Count} sources", sources.States.Count <= 1 ? $"{sources.States.Count} source" : $"{sources.States.Count} sources")
            : HealthSaid.Worries(string.Join("; ", problems.Select(problem => problem.English)), string.Join(" ; ", problems.Select(problem => problem.French))));
    }

    // A loss is told for a while; what was lost last year is no news.
    private bool HasDropped(string name, long dropped)
    {
        var now = time.GetUtcNow();
        lock (_dropped)
        {
            if (!_dropped.TryGetValue(name, out var known)) known = (dropped, DateTimeOffset.MinValue);
            if (dropped > known.Dropped) known = (dropped, now);
            _dropped[name] = known;
            return now - known.At < RecentDrops;
        }
    }
}
