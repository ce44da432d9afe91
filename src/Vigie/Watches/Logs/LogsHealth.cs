using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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
        if (library.LoadedAt is not { } loaded) return HealthCheckResult.Degraded("the rules are not loaded yet; logs wait");
        var rules = library.Current;
        var errors = rules.Problems.Where(p => p.IsError).ToList();
        var text = string.Create(CultureInfo.InvariantCulture, $"{rules.Rules.Length} rules and {rules.Correlations.Correlations.Length} correlations, loaded {loaded:u}");
        if (rules.Rules.IsEmpty) return HealthCheckResult.Degraded($"no rules: name a folder in logs.rules, or \"vigie rules add\" a set; {errors.FirstOrDefault()}");
        return errors.Count == 0 ? HealthCheckResult.Healthy(text) : HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"{text}; {errors.Count} problems, the first: {errors[0]}"));
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
        var problems = new List<string>();
        if (commit.IsFailing) problems.Add("what is found cannot be stored; sources wait");
        foreach (var state in sources.States)
        {
            var status = state.Status;
            if (status.LastError is { } error) problems.Add($"{state.Name}: {error}");
            if (status.Behind > FarBehind) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{state.Name}: {status.Behind / 1_000_000} MB behind"));
            if (HasDropped(state.Name, status.Dropped)) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{state.Name}: messages were lost ({status.Dropped} in all)"));
        }

        return Task.FromResult(problems.Count == 0
            ? HealthCheckResult.Healthy(string.Create(CultureInfo.InvariantCulture, $"{sources.States.Count} sources"))
            : HealthCheckResult.Degraded(string.Join("; ", problems)));
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
