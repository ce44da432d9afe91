using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vigie.Operations;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>
/// Takes logs over HTTP as Elasticsearch does, on a port of its own, so that shippers made for it can send as they are. An
/// answer is a receipt: what it says was taken is through, and what was found in it is stored.
/// </summary>
internal sealed class HttpSource(LogSourceState source, LogQueue queue, BulkDeliveries deliveries, LogCommit commit, NodeEndpoints endpoints, LogMetrics metrics, TimeProvider time, ILoggerFactory loggers) : ILogSource
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = loggers.CreateLogger<HttpSource>();

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken ct)
    {
        await deliveries.LoadAsync(ct).ConfigureAwait(false);
        var intake = new BulkIntake(source, queue, deliveries, () => commit.IsFailing, time);
        var api = new BulkApi(source, intake, new BulkKeys(source.Settings.KeysFile, time), metrics, _log);
        await using var server = Build(api);
        try
        {
            await server.StartAsync(ct).ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new IOException($"{source.Settings.Listen} is taken by another program", e);
        }

        var address = server.Urls.First();
        await endpoints.AnnounceLateAsync($"logs.{Name}", address, ct).ConfigureAwait(false);
        _log.LogSourceListening(Name, address);
        source.Error(null, time.GetUtcNow());
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), time, ct).ConfigureAwait(false);
                await deliveries.ForgetAsync(ct).ConfigureAwait(false);
            }
        }
        finally
        {
            using var limit = new CancellationTokenSource(StopWithin);
            await server.StopAsync(limit.Token).ConfigureAwait(false);
        }
    }

    private WebApplication Build(BulkApi api)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "vigie", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Services.AddSingleton(loggers);
        // It starts and stops with its source; signals are the node's.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(source.Settings.Listen, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = source.Settings.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = source.Settings.MaxConnections;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(5);
        });
        var app = builder.Build();
        app.Run(api.AnswerAsync);
        return app;
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
