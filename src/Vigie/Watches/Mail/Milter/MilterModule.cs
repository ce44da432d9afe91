namespace Vigie.Watches.Mail.Milter;

/// <summary>Registers the milter; the caller registers its <see cref="IMilterHandler"/>.</summary>
internal static class MilterModule
{
    public static IServiceCollection AddMilter(this IServiceCollection services, MilterSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<MilterServer>();
        services.AddHostedService(provider => provider.GetRequiredService<MilterServer>());
        services.AddHealthChecks().AddCheck<MilterHealthCheck>("mail.milter");
        return services;
    }
}
