using Microsoft.Extensions.Logging.Console;

namespace Vigie.Operations.Logging;

/// <summary>Logs go to standard error: standard output belongs to what a command was asked for.</summary>
internal static class NodeLogging
{
    public static void AddNodeLogging(this ILoggingBuilder logging, OperationsSettings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.LogLevel);
        // The framework's own chatter (a line a request) is worth reading only when it warns.
        logging.AddFilter("Microsoft", level => level >= LogLevel.Warning || settings.LogLevel <= LogLevel.Debug && level >= settings.LogLevel);

        // systemd sets JOURNAL_STREAM where standard error goes to the journal, and only then understands the prefix.
        var underSystemd = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
        logging.Services.AddSingleton<ConsoleFormatter>(services => new LineFormatter(services.GetRequiredService<TimeProvider>(), underSystemd));
        if (settings.LogFormat == LogFormat.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }

        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = settings.LogFormat == LogFormat.Json ? ConsoleFormatterNames.Json : LineFormatter.FormatterName;
            // A stalled terminal must not stall mail: what does not fit is dropped, and the drop itself is logged.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = 8192;
        });
    }
}
