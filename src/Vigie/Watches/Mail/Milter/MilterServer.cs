using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// Listens for MTAs and serves them the milter protocol, versions 2 to 6. Starting fails where an address cannot be had.
/// Stopping takes no new connection, lets messages under way end within the drain time and closes the rest, whereupon
/// the MTA falls back on its own setting (Postfix: <c>milter_default_action</c>).
/// </summary>
public sealed class MilterServer : IHostedService, IAsyncDisposable
{
    private const int ReadBytes = 8 * 1024;
    private static readonly TimeSpan LongestSweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    private readonly MilterSettings _settings;
    private readonly IMilterHandler _handler;
    private readonly FallbackHandler _fallback;
    private readonly MilterServices _services;
    private readonly ConcurrentDictionary<long, (MilterConversation Conversation, Task Run)> _conversations = new();
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _loops = [];
    private readonly Action<string>? _announce;
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _sweep;
    private long _lastId;
    private int _open;

    /// <param name="settings">Where to listen, limits and timeouts.</param>
    /// <param name="handler">Opens a session for each connection.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="log">Takes what goes wrong.</param>
    /// <param name="meters">Makes the instruments <c>vigie.milter.*</c>.</param>
    /// <param name="announce">Is told each address, as Postfix writes it (<c>inet:host:port</c>, <c>unix:path</c>).</param>
    public MilterServer(MilterSettings settings, IMilterHandler handler, TimeProvider time, ILogger<MilterServer> log, IMeterFactory meters, Action<string>? announce = null)
    {
        _announce = announce;
        _settings = settings;
        _handler = handler;
        _fallback = new FallbackHandler(settings.OnFailure == FailurePolicy.Accept ? MilterReply.Accept : MilterReply.TempFail);
        _services = new MilterServices(settings, new MilterMetrics(meters, () => Sessions), log, time);
    }

    /// <summary>Where the server listens; with port 0 in the settings, the port the system chose.</summary>
    public IReadOnlyList<EndPoint> EndPoints { get; private set; } = [];

    /// <summary>Connections open now.</summary>
    public int Sessions => Volatile.Read(ref _open);

    /// <summary>Whether connections are accepted.</summary>
    public bool Listening => _listeners.Count > 0 && !_stopping.IsCancellationRequested;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_settings.Tcp is { } tcp) _listeners.Add(MilterListener.ListenTcp(tcp));
            if (_settings.UnixPath is { } path) _listeners.Add(MilterListener.ListenUnix(path, _settings.UnixMode, _settings.UnixGroup));
        }
        catch
        {
            CloseListeners();
            throw;
        }

        EndPoints = [.. _listeners.Select(listener => listener.LocalEndPoint is UnixDomainSocketEndPoint ? new UnixDomainSocketEndPoint(_settings.UnixPath!) : listener.LocalEndPoint!)];
        foreach (var (listener, endPoint) in _listeners.Zip(EndPoints))
        {
            var address = endPoint is IPEndPoint ? $"inet:{endPoint}" : $"unix:{endPoint}";
            _announce?.Invoke(address);
            _services.Log.MilterListening(address);
            _loops.Add(AcceptAsync(listener, endPoint));
        }

        var shortest = _settings.Timeouts.Packet < _settings.Timeouts.Idle ? _settings.Timeouts.Packet : _settings.Timeouts.Idle;
        var interval = shortest / 4 < LongestSweepInterval ? shortest / 4 : LongestSweepInterval;
        _sweep = _services.Time.CreateTimer(_ => Sweep(), null, interval, interval);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        CloseListeners();
        await Task.WhenAll(_loops);

        foreach (var (conversation, _) in _conversations.Values) conversation.Drain();
        await EndAsync(_settings.Timeouts.Drain, cancellationToken);
        var left = _conversations.Count;
        if (left > 0)
        {
            _services.Log.MilterDrainIncomplete(left);
            foreach (var (conversation, _) in _conversations.Values) conversation.Kill();
            await EndAsync(CloseTime, CancellationToken.None);
        }

        if (_sweep is not null) await _sweep.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private async Task EndAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_conversations.Values.Select(pair => pair.Run)).WaitAsync(limit, _services.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Those that are left are ended the hard way.
        }
    }

    private void CloseListeners()
    {
        if (_listeners.Any(listener => listener.AddressFamily == AddressFamily.Unix)) File.Delete(_settings.UnixPath!);
        foreach (var listener in _listeners) listener.Dispose();
        _listeners.Clear();
    }

    private async Task AcceptAsync(Socket listener, EndPoint local)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await listener.AcceptAsync(_stopping.Token), local);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || _stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or a peer gone before it was accepted: neither may end the listener.
                _services.Metrics.Failed("accept");
                _services.Log.MilterAcceptFailed(e);
                await Task.Delay(AcceptPause, _services.Time, CancellationToken.None);
            }
        }
    }

    private void Serve(Socket socket, EndPoint local)
    {
        var open = Interlocked.Increment(ref _open);
        if (open > 2 * _settings.Limits.Sessions)
        {
            Interlocked.Decrement(ref _open);
            _services.Metrics.Failed("sessions-limit");
            socket.Dispose();
            return;
        }

        var over = open > _settings.Limits.Sessions;
        if (over)
        {
            _services.Metrics.Failed("sessions-limit");
            _services.Log.MilterSessionsExceeded(_settings.Limits.Sessions);
        }

        if (socket.AddressFamily != AddressFamily.Unix) socket.NoDelay = true;
        var connection = new MilterConnection(Interlocked.Increment(ref _lastId), local, RemoteOf(socket));
        var stream = new NetworkStream(socket, ownsSocket: true);
        var conversation = new MilterConversation(
            connection,
            PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: ReadBytes / 8)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)),
            socket.Dispose,
            over ? _fallback : _handler,
            _services,
            QuickAcknowledgement.For(socket));
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _conversations[connection.Id] = (conversation, RunAsync(begin.Task, connection.Id, conversation));
        begin.SetResult();
    }

    private async Task RunAsync(Task begin, long id, MilterConversation conversation)
    {
        await begin;
        await using (conversation) await conversation.RunAsync();
        _conversations.TryRemove(id, out _);
        Interlocked.Decrement(ref _open);
    }

    private void Sweep()
    {
        var now = _services.Time.GetTimestamp();
        foreach (var (_, (conversation, _)) in _conversations) conversation.CheckDeadline(now);
    }

    private static EndPoint? RemoteOf(Socket socket)
    {
        try
        {
            return socket.AddressFamily == AddressFamily.Unix ? null : socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
