using System.Collections.Concurrent;

namespace Vigie.Tests.Incidents.Notifications;

/// <summary>A program that receives webhooks over real HTTP; can be told to answer something else.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>What came in: path, headers, body.</summary>
    public ConcurrentQueue<(string Path, IHeaderDictionary Headers, byte[] Body)> Received { get; } = new();

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<WebhookReceiver> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            receiver.Received.Enqueue((http.Request.Path, new HeaderDictionary(http.Request.Headers.ToDictionary()), body.ToArray()));
            await receiver.Answer(http);
        });
        await app.StartAsync(ct);
        receiver.Address = new Uri(app.Urls.Single());
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
