using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Feeds;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Watches.Domains;

// None of these makes the node unready: mail is judged without the domain watch.

/// <summary>Whether runs come to their end in time.</summary>
internal sealed class RegistrationHealth(Settings settings, WatchTable table, Store.Store store, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!DomainsWatch.IsWatching(settings)) return HealthCheckResult.Healthy("off: protection.ownDomains is empty, or domains.watch is false");
        if (!store.IsOpen) return HealthCheckResult.Degraded("waits for the store");
        var last = await table.LastFinishedRunAsync(cancellationToken).ConfigureAwait(false);
        if (last is null) return HealthCheckResult.Healthy("the first run has not ended yet");

        var domains = settings.Domains;
        var since = time.GetUtcNow() - last.Finished!.Value;
        var text = string.Create(CultureInfo.InvariantCulture, $"last run {last.Finished:u}: {last.Registered} registered, {last.WithMail} with mail servers, {last.Unknown} of {last.Checked} unknown");
        // Twice the interval: one run may take long, two missed ones mean something.
        return since > 2 * domains.Interval + domains.Jitter ? HealthCheckResult.Degraded($"no run has ended for too long; {text}") : HealthCheckResult.Healthy(text);
    }
}

/// <summary>Whether the resolvers answer.</summary>
internal sealed class ResolversHealth(Settings settings, DnsClient dns) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (!DomainsWatch.IsWatching(settings)) return HealthCheckResult.Healthy("not asked");
        var resolvers = dns.Resolvers;
        if (resolvers.Count == 0) return HealthCheckResult.Degraded($"no resolver: set domains.dns.servers, or name one in {ResolvConf.DefaultPath}");
        var failing = resolvers.Where(r => !r.IsHealthy).Select(r => $"{r.Server} ({r.LastFailure})").ToList();
        return failing.Count == 0
            ? HealthCheckResult.Healthy($"{resolvers.Count} resolvers")
            : HealthCheckResult.Degraded($"failing: {string.Join(", ", failing)}");
    }
}

/// <summary>Whether the feeds can be read.</summary>
internal sealed class FeedsHealth(DomainsSettings settings, FeedTable table, Store.Store store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (settings.Feeds.Count == 0) return HealthCheckResult.Healthy("no feed in domains.feeds");
        if (!store.IsOpen) return HealthCheckResult.Degraded("waits for the store");
        var known = await table.LoadAsync(cancellationToken).ConfigureAwait(false);
        var failing = settings.Feeds.Select(feed => known.GetValueOrDefault(feed.Name)).Where(status => status is { IsFailing: true }).Select(status => $"{status!.Name}: {status.LastError}").ToList();
        return failing.Count == 0 ? HealthCheckResult.Healthy($"{settings.Feeds.Count} feeds") : HealthCheckResult.Degraded(string.Join("; ", failing));
    }
}
