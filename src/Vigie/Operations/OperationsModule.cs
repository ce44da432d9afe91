using Vigie.Operations.Logging;
using Vigie.Operations.Metrics;

namespace Vigie.Operations;

/// <summary>What every part of the node stands on: logs, health, metrics, supervised stages.</summary>
internal static class OperationsModule
{
    public static void AddOperations(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Logging.AddNodeLogging(settings.Operations);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<MetricsCollector>();
        builder.Services.AddSingleton<NodeEndpoints>();
        builder.Services.AddSingleton<StageStates>();
        builder.Services.AddSingleton<NodeMetrics>();
        builder.Services.AddHealthChecks().AddCheck<StageStates>("node.stages");
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = settings.Operations.StopWithin;
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
    }

    /// <summary>Adds a part that runs until the node stops and is started again when it fails.</summary>
    public static void AddStage<T>(this IServiceCollection services) where T : class, IStage
    {
        services.AddSingleton<T>();
        services.AddHostedService<StageRunner<T>>();
    }
}
