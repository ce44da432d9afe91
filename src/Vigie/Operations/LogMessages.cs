namespace Vigie.Operations;

/// <summary>
/// Every message the node logs, typed, each with a stable id, so that an administrator can filter by it:
/// 1000 store, 2000 milter, 2500 mail, 3000 domains, 4000 console, 5000 node.
/// </summary>
internal static partial class LogMessages
{
    // ---- store: 1000 ----

    // ---- milter: 2000 ----

    // ---- mail: 2500 ----

    // ---- domains: 3000 ----

    // ---- console: 4000 ----

    // ---- node: 5000 ----

    [LoggerMessage(5000, LogLevel.Information, "Vigie {Version} is ready; data in {DataDirectory}")]
    public static partial void NodeReady(this ILogger log, string version, string dataDirectory);

    [LoggerMessage(5001, LogLevel.Error, "{Stage} failed (time {Failures} in a row); starting it again in {Pause}")]
    public static partial void StageFailed(this ILogger log, Exception e, string stage, int failures, TimeSpan pause);

    [LoggerMessage(5002, LogLevel.Warning, "A line for the operator could not be made ({Notice})")]
    public static partial void ReadyNoticeFailed(this ILogger log, Exception e, string notice);
}
