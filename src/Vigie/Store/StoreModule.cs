using System.Diagnostics.Metrics;
using Vigie.Governance;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>Puts the store into the node. Added first, so that it opens before any watch starts.</summary>
internal static class StoreModule
{
    public static IServiceCollection AddStore(this IServiceCollection services, StoreSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(provider => new Store(
            settings,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IMeterFactory>(),
            StoreRole.Node));
        services.AddSingleton<Findings>();
        services.AddSingleton<FindingContexts>();
        services.AddSingleton<Positions>();
        services.AddSingleton<Journal>();
        services.AddHostedService<StoreOpening>();
        services.AddSingleton<Retention>();
        services.AddSingleton<DiskBudget>();
        services.AddStage<StoreUpkeep>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        services.AddSingleton(provider => new RetentionRule(RetentionKind.Findings, "finding", "last_seen") { AfterDelete = provider.GetRequiredService<Findings>().Fresh.Clear });
        services.AddRetention(new RetentionRule(RetentionKind.Findings, "context_event", "last_seen"));
        return services;
    }

    /// <summary>Adds a rule by which rows become too old to keep.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services, RetentionRule rule) => services.AddSingleton(rule);
}
