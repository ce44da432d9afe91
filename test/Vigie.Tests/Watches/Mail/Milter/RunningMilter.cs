using System.Collections.Concurrent;
using System.Net;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>The real server on a free loopback port, and its log.</summary>
internal sealed class RunningMilter : IAsyncDisposable, ILogger<MilterServer>
{
    private readonly InMemoryConversation.Meters _meters = new();

    public RunningMilter(IMilterHandler handler, MilterSettings? settings = null)
    {
        Server = new MilterServer(
            settings ?? new MilterSettings { Tcp = new IPEndPoint(IPAddress.Loopback, 0), UnixPath = null }, handler, TimeProvider.System, this, _meters);
    }

    public MilterServer Server { get; }

    public ConcurrentQueue<(int Id, string Text)> Log { get; } = new();

    public EndPoint EndPoint => Server.EndPoints[0];

    public static MilterSettings Settings(MilterLimits? limits = null, MilterTimeouts? timeouts = null, FailurePolicy onFailure = FailurePolicy.TempFail) => new()
    {
        Tcp = new IPEndPoint(IPAddress.Loopback, 0),
        UnixPath = null,
        OnFailure = onFailure,
        Limits = limits ?? new MilterLimits(),
        Timeouts = timeouts ?? new MilterTimeouts(),
    };

    public static async Task<RunningMilter> StartAsync(IMilterHandler handler, MilterSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var milter = new RunningMilter(handler, settings);
        await milter.Server.StartAsync(cancellationToken);
        return milter;
    }

    public async Task<MilterPeer> ConnectAsync(CancellationToken cancellationToken) => await MilterPeer.ConnectAsync(EndPoint, cancellationToken);

    /// <summary>Connects and negotiates.</summary>
    public async Task<MilterPeer> MeetAsync(CancellationToken cancellationToken)
    {
        var peer = await ConnectAsync(cancellationToken);
        Assert.StartsWith("O", await peer.NegotiateAsync(cancellationToken));
        return peer;
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue((eventId.Id, formatter(state, exception) + (exception is null ? "" : " " + exception.Message)));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _meters.Dispose();
    }
}
