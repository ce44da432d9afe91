using System.Diagnostics.Metrics;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Registers the milter; the caller registers its <see cref="IMilterHandler"/>.</summary>
internal static class MilterModule
{
    public static IServiceCollection AddMilter(this IServiceCollection services, MilterSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(provider => new MilterServer(
            settings,
            provider.GetRequiredService<IMilterHandler>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MilterServer>>(),
            provider.GetRequiredService<IMeterFactory>(),
            address => provider.GetRequiredService<NodeEndpoints>().Announce("milter", address)));
        services.AddHostedService(provider => provider.GetRequiredService<MilterServer>());
        services.AddHealthChecks().AddCheck<MilterHealthCheck>("mail.milter");
        return services;
    }
}
