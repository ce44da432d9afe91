using System.Diagnostics.Metrics;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine.Findings;
using Vigie.Incidents.Notifications;
using Vigie.Operations.Metrics;
using Vigie.Operations.Smtp;
using Vigie.Store;
using Vigie.Tests.Acceptance;
using Vigie.Tests.Store;
using Vigie.Tests.Watches.Domains;

namespace Vigie.Tests.Incidents.Notifications;

/// <summary>A real store, a real mail server and a real HTTP server, and a clock the test moves.</summary>
internal sealed class NotificationRig : IAsyncDisposable
{
    public const string Secret = "seventeen candles burn";

    private readonly TestStore _store;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricsCollector _metrics;
    private readonly NotificationMetrics _counts;

    private NotificationRig(TestStore store, WebhookReceiver receiver, AdjustableTime time)
    {
        (_store, Receiver, Time) = (store, receiver, time);
        Table = new NotificationTable(store.Store, time);
        var meters = _meters.GetRequiredService<IMeterFactory>();
        (_metrics, _counts) = (new MetricsCollector(meters), new NotificationMetrics(meters));
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public AdjustableTime Time { get; }

    public SmtpSink Sink { get; } = new();

    public WebhookReceiver Receiver { get; }

    public NotificationTable Table { get; private set; }

    public Vigie.Store.Store Store => _store.Store;

    public NotifyChannel Mail => new() { Name = "duty", Server = new SmtpServer("127.0.0.1", Sink.Port), From = "vigie@example.org", To = ["soc@example.org"], AtLeastSeverity = Severity.Medium };

    public NotifyChannel Webhook => new() { Name = "chat", Url = new Uri(Receiver.Address, "/hooks/t0k3n?key=k3y"), Secret = [.. Encoding.UTF8.GetBytes(Secret)], AtLeastSeverity = Severity.Medium };

    public static async Task<NotificationRig> StartAsync(DateTimeOffset? now = null) =>
        new(await TestStore.SqliteAsync(), await WebhookReceiver.StartAsync(Token), now is { } at ? new AdjustableTime(at) : new AdjustableTime());

    public static NotificationWriter Writer(NotifyChannel channel) => new(channel, path => "https://vigie.example.org" + path);

    /// <summary>Makes a channel known before there is anything to tell.</summary>
    public Task IntroduceAsync(params NotifyChannel[] channels) => Table.IntroduceAsync([.. channels.Select(channel => channel.Name)], Token);

    /// <summary>Records what the channel has to be told, without sending it.</summary>
    public Task<int> RecordAsync(NotifyChannel channel) => Table.RecordAsync(channel, Writer(channel), null, Token);

    /// <summary>Sends what is due, round after round until nothing is left to do at once.</summary>
    public async Task DispatchAsync(NotifyChannel channel)
    {
        using var sender = new NotificationSender(channel, Time);
        var dispatcher = new NotificationDispatcher(channel, Writer(channel), sender, Table, _counts, Time, NullLogger.Instance);
        for (var i = 0; await dispatcher.StepAsync(Token); i++) Assert.True(i < 100, "the dispatcher does not come to rest");
    }

    public async Task TellAsync(NotifyChannel channel)
    {
        await RecordAsync(channel);
        await DispatchAsync(channel);
    }

    /// <summary>How many notifications became what, as whoever watches the node reads it.</summary>
    public string Counted() => string.Join('\n', string.Concat(PrometheusText.Write(_metrics.Collect())).Split('\n').Where(line => line.StartsWith("vigie_incidents_notifications_total", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    public async Task<IReadOnlyList<Notification>> AllAsync() => await Table.LatestAsync(1000, Token);

    /// <summary>Opens the same store again, as after a crash.</summary>
    public async Task RestartAsync()
    {
        await _store.ReopenAsync();
        Table = new NotificationTable(_store.Store, Time);
    }

    /// <summary>Stores an incident, or what has become of it.</summary>
    public Task IncidentAsync(long id, Severity severity = Severity.High, double score = 50, string title = "Somebody dumped credentials", int status = 0, long createdAt = 1) => Store.WriteAsync(
        Lane.Background,
        transaction =>
        {
            transaction.Connection!.Execute("DELETE FROM incident WHERE id = @id", new { id }, transaction);
            transaction.Connection!.Execute(
                """
                INSERT INTO incident (id, version, created_at, changed_at, first_seen, last_seen, title_en, title_fr, severity, score, terms, findings, rules, watches, techniques, about, status)
                VALUES (@id, 1, @createdAt, 1, 1, 1, @title, @title, @severity, @score, '[["evidence", 42.0, "Because of three rules.", "À cause de trois règles."]]', 3, 3, '["logs"]', '[]', '[["host","dc01.secret.example",3]]', @status)
                """,
                new { id, createdAt, title, severity = (int)severity, score, status },
                transaction);
        },
        Token);

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        await Receiver.DisposeAsync();
        await _store.DisposeAsync();
        _metrics.Dispose();
        await _meters.DisposeAsync();
    }
}
