using Vigie.Console;
using Vigie.Store;
using Vigie.Tests.Store;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Pages;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Tests.Watches.Logs.Pages;

public sealed class LogSourceReportsTests
{
    // The store keeps milliseconds.
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_that_brings_old_events_is_alive_and_late()
    {
        var report = await ReportAsync(new LogSourceStatus("web", "files") { Events = 9, LastEvent = Now.AddHours(-30), LastReceived = Now.AddMinutes(-2) });
        Assert.Equal(SourceState.Good, report.State);
        Assert.Equal(Now.AddMinutes(-2), report.LastReceived);
        Assert.Equal(TimeSpan.FromHours(30) - TimeSpan.FromMinutes(2), report.Lag);
    }

    [Fact]
    public async Task Events_from_the_future_are_not_late()
    {
        Assert.Null((await ReportAsync(new LogSourceStatus("web", "files") { Events = 1, LastEvent = Now.AddHours(1), LastReceived = Now })).Lag);
        Assert.Null((await ReportAsync(new LogSourceStatus("web", "files") { Events = 1, LastReceived = Now })).Lag);
    }

    private static async Task<SourceReport> ReportAsync(LogSourceStatus status)
    {
        await using var test = await TestStore.SqliteAsync();
        await test.Store.WriteAsync(Lane.Background, transaction => LogSourceTable.Save(transaction, status), Token);
        var settings = new LogsSettings { BuiltInRulesDirectory = "", InstalledRulesDirectory = "", CacheDirectory = "", Sources = [new LogSourceSettings { Name = "web", Kind = LogSourceKind.Files }] };
        return Assert.Single(await new LogSourceReports(new LogSourceTable(test.Store), settings, TimeProvider.System).ReadAsync(Token));
    }
}
