using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Logs.Context;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Sources;
using Vigie.Watches.Logs.Sources.Files;
using Vigie.Watches.Logs.Sources.Http;
using Vigie.Watches.Logs.Sources.Syslog;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs;

/// <summary>The log watch: rules over everything that machines and services write down.</summary>
internal static class LogsWatch
{
    public static IServiceCollection AddLogs(this IServiceCollection services, Settings settings)
    {
        var logs = settings.Logs;
        services.AddSingleton(logs);
        services.AddSingleton<LogMetrics>();
        services.AddSingleton<LogSources>();
        services.AddSingleton<LogSourceTable>();
        services.AddSingleton<LogRuleTable>();
        services.AddSingleton<RuleMutes>();
        services.AddRetention(new RetentionRule(RetentionKind.Findings, "log_fold", "hour", "hour"));
        services.AddSingleton<RuleLibrary>();
        // The console shows and tries rules also where no source is set up yet.
        if (logs.Watch) services.AddHostedService<StageRunner<RuleLibrary>>();
        if (!IsWatching(logs)) return services;

        services.AddSingleton(new LogQueue(logs.MaxWaitingBytes));
        services.AddSingleton(new FindingFold(logs.MaxSameFindings, logs.MaxRuleFindings));
        services.AddSingleton<LogContexts>();
        services.AddSingleton<CorrelationState>();
        services.AddSingleton<LogMatching>();
        services.AddSingleton<BulkDeliveries>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LogCommit>(provider, provider.GetRequiredService<LogSources>().States));
        services.AddStage<LogPipeline>();
        services.AddSingleton<Func<LogSourceState, ILogSource>>(provider => state => Open(provider, state));
        services.AddStage<SourcesStage>();
        services.AddHealthChecks()
            .AddCheck<LogRulesHealth>("logs.rules")
            .AddCheck<LogSourcesHealth>("logs.sources");
        return services;
    }

    /// <summary>Whether logs are read: wanted, and there is a source.</summary>
    public static bool IsWatching(LogsSettings settings) => settings.Watch && settings.Sources.Count > 0;

    private static ILogSource Open(IServiceProvider provider, LogSourceState state)
    {
        var loggers = provider.GetRequiredService<ILoggerFactory>();
        return state.Settings.Kind switch
        {
            LogSourceKind.Files => ActivatorUtilities.CreateInstance<FileSource>(provider, state),
            LogSourceKind.SyslogUdp => ActivatorUtilities.CreateInstance<SyslogUdpSource>(provider, state, loggers.CreateLogger<SyslogUdpSource>()),
            LogSourceKind.SyslogTcp => ActivatorUtilities.CreateInstance<SyslogTcpSource>(provider, state, loggers.CreateLogger<SyslogTcpSource>()),
            _ => ActivatorUtilities.CreateInstance<HttpSource>(provider, state),
        };
    }
}
