using Vigie.Store;
using Vigie.Watches.Mail;

namespace Vigie.Operations;

/// <summary>
/// Every message the node logs, typed, each with a stable id, so that an administrator can filter by it:
/// 1000 store, 2000 milter, 2500 mail, 3000 domains, 4000 console, 5000 node, 6000 logs.
/// </summary>
internal static partial class LogMessages
{
    // ---- store: 1000 ----

    [LoggerMessage(1000, LogLevel.Error, "The store is not open: {Problem}")]
    public static partial void StoreNotOpened(this ILogger log, string problem);

    [LoggerMessage(1001, LogLevel.Debug, "The store is still not open: {Problem}")]
    public static partial void StoreStillClosed(this ILogger log, string problem);

    [LoggerMessage(1002, LogLevel.Information, "The store works again: {Where}")]
    public static partial void StoreRecovered(this ILogger log, string where);

    [LoggerMessage(1003, LogLevel.Information, "{Where} was brought to this version's schema in {Steps} steps")]
    public static partial void StoreMigrated(this ILogger log, string where, int steps);

    [LoggerMessage(1004, LogLevel.Error, "Nothing can be written: {Problem}")]
    public static partial void WriteFailed(this ILogger log, Exception? e, string problem);

    [LoggerMessage(1005, LogLevel.Warning, "One write of lane {Lane} took {Milliseconds} ms; others waited")]
    public static partial void SlowWrite(this ILogger log, Lane lane, double milliseconds);

    [LoggerMessage(1006, LogLevel.Information, "Deleted {Rows} rows of {Table} that were older than {Days} days (store.keep)")]
    public static partial void RowsExpired(this ILogger log, long rows, string table, double days);

    [LoggerMessage(1007, LogLevel.Warning, "Deleted {Rows} old rows to stay below {Bytes} bytes (store.maxSize)")]
    public static partial void RowsDeletedForSpace(this ILogger log, long rows, long bytes);

    // ---- milter: 2000 ----

    [LoggerMessage(2000, LogLevel.Information, "The milter listens on {Address}")]
    public static partial void MilterListening(this ILogger logger, string address);

    [LoggerMessage(2001, LogLevel.Error, "Milter connection {Connection}: no session could be opened; answered by mail.onFailure")]
    public static partial void MilterSessionNotOpened(this ILogger logger, long connection, Exception exception);

    [LoggerMessage(2002, LogLevel.Error, "Milter connection {Connection}: the session failed at {Step}; answered by mail.onFailure where an answer was due")]
    public static partial void MilterSessionFailed(this ILogger logger, long connection, string step, Exception exception);

    [LoggerMessage(2003, LogLevel.Error, "Milter connection {Connection}: the session took too long at {Step} or was stopped there; answered by mail.onFailure and closed")]
    public static partial void MilterSessionTooSlow(this ILogger logger, long connection, string step);

    [LoggerMessage(2004, LogLevel.Warning, "Milter connection {Connection} from {Peer} closed: the peer {Problem}")]
    public static partial void MilterProtocolError(this ILogger logger, long connection, string peer, string problem);

    [LoggerMessage(2005, LogLevel.Error, "Milter connection {Connection} failed; this is a fault of Vigie")]
    public static partial void MilterConversationFailed(this ILogger logger, long connection, Exception exception);

    [LoggerMessage(2006, LogLevel.Debug, "Milter connection {Connection} closed: {Reason}")]
    public static partial void MilterConnectionClosed(this ILogger logger, long connection, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "The milter could not accept a connection")]
    public static partial void MilterAcceptFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2008, LogLevel.Warning, "More than {Limit} milter connections (mail.milter.limits.sessions); the new one is answered by mail.onFailure")]
    public static partial void MilterSessionsExceeded(this ILogger logger, int limit);

    [LoggerMessage(2009, LogLevel.Warning, "{Count} milter connections did not end in time and are closed")]
    public static partial void MilterDrainIncomplete(this ILogger logger, int count);

    // ---- mail: 2500 ----

    [LoggerMessage(2500, LogLevel.Warning, "Notice {MessageId} could not be sent (attempt {Attempt}): {Problem}")]
    public static partial void NoticeNotSent(this ILogger logger, string messageId, int attempt, string problem);

    [LoggerMessage(2501, LogLevel.Error, "A recipient could not be checked; answered by mail.onFailure")]
    public static partial void RecipientNotChecked(this ILogger logger, Exception exception);

    [LoggerMessage(2502, LogLevel.Warning, "A recipient address of {Length} characters has no destination that can be read")]
    public static partial void RecipientNotRead(this ILogger logger, int length);

    [LoggerMessage(2503, LogLevel.Error, "Message {QueueId} could not be concluded; answered by mail.onFailure")]
    public static partial void MessageNotChecked(this ILogger logger, string? queueId, Exception exception);

    [LoggerMessage(2504, LogLevel.Warning, "What mail taught about {Count} relationships was not written and is forgotten: {Problem}")]
    public static partial void LearnedMailLost(this ILogger logger, int count, string problem);

    [LoggerMessage(2505, LogLevel.Warning, "Held message {QueueId} is gone from the hold queue without us; its record says so now")]
    public static partial void HeldMailVanished(this ILogger logger, string queueId);

    [LoggerMessage(2506, LogLevel.Warning, "The hold queue could not be read: {Problem}")]
    public static partial void HoldQueueUnavailable(this ILogger logger, string problem);

    [LoggerMessage(2507, LogLevel.Warning, "The mode is now {Mode} (switched by {Actor}: {Reason})")]
    public static partial void MailModeSwitched(this ILogger logger, Mode mode, string? actor, string? reason);

    // ---- domains: 3000 ----

    [LoggerMessage(3000, LogLevel.Information, "Looked at {Checked} look-alike domains: {Registered} registered, {WithMail} of them with mail servers, {Unknown} unknown, {Changes} changes")]
    public static partial void DomainRunFinished(this ILogger log, int @checked, int registered, int withMail, int unknown, int changes);

    [LoggerMessage(3001, LogLevel.Warning, "No DNS resolver answers; the look-alike domains are looked at again in {Pause}")]
    public static partial void DomainResolversDown(this ILogger log, TimeSpan pause);

    [LoggerMessage(3002, LogLevel.Warning, "Feed {Feed} could not be read (time {Failures} in a row), trying again in {Pause}: {Problem}")]
    public static partial void FeedFailed(this ILogger log, string feed, int failures, TimeSpan pause, string problem);

    [LoggerMessage(3003, LogLevel.Information, "Feed {Feed} can be read again")]
    public static partial void FeedRecovered(this ILogger log, string feed);

    // ---- console: 4000 ----

    [LoggerMessage(4000, LogLevel.Warning, "Login refused for an account from {Client}: {Why}")]
    public static partial void LoginRefused(this ILogger log, string client, string why);

    [LoggerMessage(4001, LogLevel.Information, "{Name} logged in from {Client}")]
    public static partial void LoggedIn(this ILogger log, string name, string client);

    [LoggerMessage(4002, LogLevel.Information, "Certificate read again: {Subject}, until {Until}")]
    public static partial void CertificateReloaded(this ILogger log, string subject, DateTime until);

    [LoggerMessage(4003, LogLevel.Warning, "The changed certificate {File} cannot be used; the one before stays in use: {Why}")]
    public static partial void CertificateNotReloaded(this ILogger log, string file, string why);

    [LoggerMessage(4004, LogLevel.Error, "{Method} {Path} failed ({Incident})")]
    public static partial void RequestFailed(this ILogger log, string method, string path, string incident, Exception e);

    [LoggerMessage(4005, LogLevel.Warning, "{Method} {Path} could not be answered: {Why}")]
    public static partial void StoreDidNotAnswer(this ILogger log, string method, string path, string why);

    // ---- node: 5000 ----

    [LoggerMessage(5000, LogLevel.Information, "Vigie {Version} is ready; data in {DataDirectory}")]
    public static partial void NodeReady(this ILogger log, string version, string dataDirectory);

    [LoggerMessage(5001, LogLevel.Error, "{Stage} failed (time {Failures} in a row); starting it again in {Pause}")]
    public static partial void StageFailed(this ILogger log, Exception e, string stage, int failures, TimeSpan pause);

    [LoggerMessage(5002, LogLevel.Warning, "A line for the operator could not be made ({Notice})")]
    public static partial void ReadyNoticeFailed(this ILogger log, Exception e, string notice);

    [LoggerMessage(5003, LogLevel.Warning, "Where the node listens could not be written down: {Problem}")]
    public static partial void EndpointsNotWritten(this ILogger log, string problem);

    // ---- logs: 6000 ----

    [LoggerMessage(6000, LogLevel.Information, "{Rules} rules of {Files} files are in use, loaded in {Milliseconds} ms; {Problems} problems")]
    public static partial void RulesLoaded(this ILogger log, int rules, int files, long milliseconds, int problems);

    [LoggerMessage(6001, LogLevel.Warning, "A rule is not used: {Problem}")]
    public static partial void RuleProblem(this ILogger log, string problem);

    [LoggerMessage(6002, LogLevel.Warning, "What was found in logs could not be stored; it is kept and tried again: {Problem}")]
    public static partial void LogCommitFailed(this ILogger log, string problem);

    [LoggerMessage(6003, LogLevel.Information, "What is found in logs can be stored again")]
    public static partial void LogCommitRecovered(this ILogger log);

    [LoggerMessage(6004, LogLevel.Information, "Log source {Source} listens on {Address}")]
    public static partial void LogSourceListening(this ILogger log, string source, string address);

    [LoggerMessage(6005, LogLevel.Warning, "Log source {Source}: {Problem}")]
    public static partial void LogSourceProblem(this ILogger log, string source, string problem);

    [LoggerMessage(6006, LogLevel.Error, "An event of {Source} could not be matched; it is counted and left out")]
    public static partial void EventNotMatched(this ILogger log, Exception e, string source);

    [LoggerMessage(6007, LogLevel.Warning, "Log source {Source} failed; starting it again in {Pause}: {Problem}")]
    public static partial void LogSourceFailed(this ILogger log, string source, TimeSpan pause, string problem);

    // ---- incidents: 7000 ----

    [LoggerMessage(7000, LogLevel.Information, "{Findings} findings in {Groups} groups are held in memory; new findings are joined with them")]
    public static partial void IncidentsReady(this ILogger log, int findings, int groups);

    [LoggerMessage(7001, LogLevel.Warning, "Findings cannot be placed in incidents; they wait in the store and are tried again: {Problem}")]
    public static partial void PlacingFailed(this ILogger log, string problem);

    [LoggerMessage(7002, LogLevel.Information, "Findings can be placed in incidents again")]
    public static partial void PlacingRecovered(this ILogger log);

    [LoggerMessage(7003, LogLevel.Debug, "A batch of findings is placed once more: {Why}")]
    public static partial void PlacingRepeated(this ILogger log, string why);

    [LoggerMessage(7004, LogLevel.Error, "Finding {Finding} could not be placed in an incident; it stays stored and is left out")]
    public static partial void FindingNotPlaced(this ILogger log, Exception e, string finding);

    // ---- the desk: 7100 ----

    [LoggerMessage(7100, LogLevel.Information, "Verdicts changed the scores of {Incidents} incidents")]
    public static partial void ScoresChanged(this ILogger log, int incidents);

    // Search: 7300

    [LoggerMessage(7300, LogLevel.Information, "The search index is behind what is stored; searches do not find the latest yet")]
    public static partial void SearchBehind(this ILogger log);

    [LoggerMessage(7301, LogLevel.Information, "The search index is up to date again")]
    public static partial void SearchUpToDate(this ILogger log);

    // ---- incidents, what comes next: 7500 ----

    [LoggerMessage(7500, LogLevel.Information, "Read what {Cases} campaigns and groups used from {File}, trained from {Source}")]
    public static partial void NextTechniquesLoaded(this ILogger log, string file, int cases, string source);

    [LoggerMessage(7501, LogLevel.Warning, "The model {File} cannot be read: {Problem}")]
    public static partial void NextTechniquesNotLoaded(this ILogger log, string file, string problem);

    // ---- notifications: 7200 ----

    [LoggerMessage(7200, LogLevel.Debug, "Notification {Notification} was sent to {Channel}")]
    public static partial void NotificationSent(this ILogger log, string notification, string channel);

    [LoggerMessage(7201, LogLevel.Warning, "Notification {Notification} could not be sent to {Channel}, attempt {Attempt}; it is tried again: {Problem}")]
    public static partial void NotificationNotSent(this ILogger log, string notification, string channel, int attempt, string problem);

    [LoggerMessage(7202, LogLevel.Error, "Notification {Notification} to {Channel} is given up after {Attempts} attempts: {Problem}")]
    public static partial void NotificationGivenUp(this ILogger log, string notification, string channel, int attempts, string problem);
}
