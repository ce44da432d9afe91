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
        if (!DomainsWatch.IsWatching(settings)) return HealthSaid.Works("off: protection.ownDomains is empty, or domains.watch is false", "à l’arrêt : protection.ownDomains est vide, ou domains.watch vaut false");
        if (!store.IsOpen) return HealthSaid.Worries("waits for the store", "attend le stockage");
        var last = await table.LastFinishedRunAsync(cancellationToken).ConfigureAwait(false);
        if (last is null) return HealthSaid.Works("the first run has not ended yet", "le premier passage n’est pas encore terminé");

        var domains = settings.Domains;
        var since = time.GetUtcNow() - last.Finished!.Value;
        var english = string.Create(CultureInfo.InvariantCulture, $"last run {last.Finished:u}: {last.Registered} registered, {last.WithMail} with mail servers, {last.Unknown} of {last.Checked} unknown");
        var french = string.Create(CultureInfo.InvariantCulture, $"dernier passage {last.Finished:u} : {last.Registered} enregistrés, {last.WithMail} avec serveur de courrier, {last.Unknown} inconnus sur {last.Checked}");
        // Twice the interval: one run may take long, two missed ones mean something.
        return since > 2 * domains.Interval + domains.Jitter
            ? HealthSaid.Worries($"no run has ended for too long; {english}", $"aucun passage ne s’est terminé depuis trop longtemps ; {french}")
            : HealthSaid.Works(english, french);
    }
}

/// <summary>Whether the resolvers answer.</summary>
internal sealed class ResolversHealth(Settings settings, DnsClient dns) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (!DomainsWatch.IsWatching(settings)) return HealthSaid.Works("not asked", "pas interrogés");
        var resolvers = dns.Resolvers;
        if (resolvers.Count == 0) return HealthSaid.Worries($"no resolver: set domains.dns.servers, or name one in {ResolvConf.DefaultPath}", $"aucun résolveur : réglez domains.dns.servers, ou nommez-en un dans {ResolvConf.DefaultPath}");
        var failing = resolvers.Where(r => !r.IsHealthy).Select(r => $"{r.Server} ({r.LastFailure})").ToList();
        return failing.Count == 0
            ? HealthSaid.Works(resolvers.Count == 1 ? "1 resolver" : $"{resolvers.Count} resolvers", resolvers.Count == 1 ? "1 résolveur" : $"{resolvers.Count} résolveurs")
            : HealthSaid.Worries($"failing: {string.Join(", ", failing)}", $"en échec : {string.Join(", ", failing)}");
    }
}

/// <summary>Whether the feeds can be read.</summary>
internal sealed class FeedsHealth(DomainsSettings settings, FeedTable table, Store.Store store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (settings.Feeds.Count == 0) return HealthSaid.Works("no feed in domains.feeds", "aucun flux dans domains.feeds");
        if (!store.IsOpen) return HealthSaid.Worries("waits for the store", "attend le stockage");
        var known = await table.LoadAsync(cancellationToken).ConfigureAwait(false);
        var failing = settings.Feeds.Select(feed => known.GetValueOrDefault(feed.Name)).Where(status => status is { IsFailing: true }).Select(status => $"{status!.Name}: {status.LastError}").ToList();
        return failing.Count == 0 ? HealthSaid.Works(settings.Feeds.Count == 1 ? "1 feed" : $"{settings.Feeds.Count} feeds", settings.Feeds.Count == 1 ? "1 flux" : $"{settings.Feeds.Count} flux") : HealthCheckResult.Degraded(string.Join("; ", failing));
    }
}
