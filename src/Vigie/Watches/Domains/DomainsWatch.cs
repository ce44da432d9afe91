using System.Diagnostics.Metrics;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Governance;
using Vigie.Operations;
using Vigie.Protection;
using Vigie.Store;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Feeds;
using Vigie.Watches.Domains.Pages;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Watches.Domains;

/// <summary>The domain watch: which look-alikes of the own domains exist, and which new names imitate protected ones.</summary>
internal static class DomainsWatch
{
    public static IServiceCollection AddDomainsWatch(this IServiceCollection services, Settings settings)
    {
        var domains = settings.Domains;
        services.AddSingleton(domains);
        services.AddSingleton<WatchTable>();
        services.AddSingleton<FeedTable>();
        services.AddSingleton(provider => new DnsClient(domains.Dns.ToOptions(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>()));
        services.AddRetention(new RetentionRule(RetentionKind.Domains, "domain_watch", "last_checked", "domain", only: "registered = 0"));
        services.AddRetention(new RetentionRule(RetentionKind.Domains, "domain_run", "started_at"));
        services.AddSingleton(new ConsolePage("/domains", new Bilingual("Domain watch", "Veille des domaines"), Permission.ReadFindings, 50, 'w'));
        services.AddSingleton<ISourceReports, FeedReports>();
        services.AddSingleton(new RuleName(FeedFindings.Seen, FeedFindings.Seen, new Bilingual("Look-alike domain in a feed of new names", "Domaine sosie dans un flux de nouveaux noms")));
        foreach (var rule in DomainFindings.RuleNames) services.AddSingleton(rule);
        services.AddHealthChecks()
            .AddCheck<RegistrationHealth>("domains.watch")
            .AddCheck<ResolversHealth>("domains.resolvers")
            .AddCheck<FeedsHealth>("domains.feeds");

        if (IsWatching(settings)) services.AddRegistrationWatch(settings);
        if (domains.Feeds.Count > 0) services.AddFeeds(settings);
        return services;
    }

    /// <summary>Whether look-alikes are looked up: wanted, and there is something of our own to protect.</summary>
    public static bool IsWatching(Settings settings) => settings.Domains.Watch && settings.Protection.OwnDomains.Count > 0;

    /// <summary>The probe of mail servers, where the settings want it.</summary>
    public static SmtpProbe? Probe(DomainsSettings domains, TimeProvider time) => domains.ProbeMail
        ? new SmtpProbe(domains.ProbeHelo.Length > 0 ? domains.ProbeHelo : System.Net.Dns.GetHostName(), time, PublicAddress.Is)
        : null;

    private static void AddRegistrationWatch(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<WatchedNames>(provider =>
        {
            var names = provider.GetRequiredService<ProtectedNames>();
            return () => OwnLookalikes.Of(settings.Protection.OwnDomains, settings.Domains.Candidates, name => names.Index.IsProtected(name));
        });
        services.AddSingleton(provider => new DomainInspector(
            provider.GetRequiredService<DnsClient>(), Probe(settings.Domains, provider.GetRequiredService<TimeProvider>())));
        // Another place, another moment: nodes with the same settings do not ask at the same time.
        services.AddSingleton(new RunSchedule(settings.Domains.Interval, settings.Domains.Jitter, $"{Environment.MachineName}\n{settings.DataDirectory}"));
        services.AddStage<RegistrationWatch>();
    }

    private static void AddFeeds(this IServiceCollection services, Settings settings)
    {
        var folder = Path.Combine(settings.DataDirectory, "feeds");
        services.AddSingleton(provider =>
        {
            var names = provider.GetRequiredService<ProtectedNames>();
            var lookup = new ProtectedLookup(() => names.All, settings.Domains.FeedTargets);
            var time = provider.GetRequiredService<TimeProvider>();
            var http = FeedHttp.Create();
            return new FeedsStage(
                [.. settings.Domains.Feeds.Select(feed => (feed, Reader(provider, feed, feed.Url is null ? new FileFeedSource(feed) : new HttpFeedSource(feed, folder, http, time), lookup.Find)))],
                provider.GetRequiredService<Store.Store>(),
                time,
                provider.GetRequiredService<ILogger<FeedsStage>>());
        });
        services.AddHostedService<StageRunner<FeedsStage>>();
    }

    private static FeedReader Reader(IServiceProvider provider, FeedSettings feed, IFeedSource source, NameLookup lookup) => new(
        feed,
        source,
        lookup,
        provider.GetRequiredService<Store.Store>(),
        provider.GetRequiredService<Findings>(),
        provider.GetRequiredService<Positions>(),
        provider.GetRequiredService<FeedTable>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<IMeterFactory>());
}
