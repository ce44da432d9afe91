using Vigie.Operations;

namespace Vigie.Watches.Logs;

/// <summary>The log watch: rules over everything that machines and services write down.</summary>
internal static class LogsWatch
{
    public static IServiceCollection AddLogs(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings.Logs);
        return services;
    }
}
