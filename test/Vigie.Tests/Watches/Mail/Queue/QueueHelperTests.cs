using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Tests.Watches.Mail.Queue;

/// <summary>The helper on a real socket; the queue behind it is one in memory (Postfix's own is in PostfixQueueTests).</summary>
public sealed class QueueHelperTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryHoldQueue _held = new("B17EEB1E312", "3Pt2mN2VXxznjll");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SocketPath => _folder.Combine("q.sock");

    private static uint Me => uint.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_request_becomes_one_act_and_its_reply()
    {
        await using var helper = await StartAsync(Me);
        var queue = PostfixQueue.Open(SocketPath);

        Assert.Equal(["3Pt2mN2VXxznjll", "B17EEB1E312"], (await queue.ListAsync(Token)).Order(StringComparer.Ordinal));
        Assert.Equal(QueueOutcome.Done, (await queue.ReleaseAsync("B17EEB1E312", Token)).Outcome);
        Assert.Equal(QueueOutcome.NotHeld, (await queue.DeleteAsync("B17EEB1E312", Token)).Outcome);
        Assert.Equal(["Release B17EEB1E312", "Delete B17EEB1E312"], _held.Acts);
    }

    [Theory]
    [InlineData("release ALL\n")]
    [InlineData("format c:\n")]
    [InlineData("\n")]
    [InlineData("release B17EEB1E312 B17EEB1E312 B17EEB1E312 B17EEB1E312\n")]
    public async Task What_is_not_a_request_is_refused_and_nothing_happens(string request)
    {
        await using var helper = await StartAsync(Me);
        Assert.StartsWith("refused ", await SayAsync(request), StringComparison.Ordinal);
        Assert.Empty(_held.Acts);
    }

    [Fact]
    public async Task Another_user_is_not_served()
    {
        await using var helper = await StartAsync(Me + 1);
        // Root is always served, so a run as root asks as nobody (65534); others ask as themselves.
        var reply = Me == 0 ? await SayAsNobodyAsync("list\n") : await SayAsync("list\n");
        Assert.StartsWith("refused user", reply, StringComparison.Ordinal);
        Assert.Empty(_held.Acts);
    }

    [Fact]
    public async Task A_caller_that_leaves_early_does_not_end_the_helper()
    {
        await using var helper = await StartAsync(Me);
        using (var socket = await ConnectAsync()) await socket.SendAsync(Encoding.ASCII.GetBytes("rel"), Token);
        Assert.Equal(2, (await PostfixQueue.Open(SocketPath).ListAsync(Token)).Count);
    }

    [Fact]
    public async Task No_helper_is_unavailable_and_never_an_empty_queue()
    {
        var queue = PostfixQueue.Open(SocketPath);
        var error = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.ListAsync(Token));
        Assert.Contains("vigie-queue.socket", error.Message, StringComparison.Ordinal);
        Assert.Equal(QueueOutcome.Unavailable, (await queue.ReleaseAsync("B17EEB1E312", Token)).Outcome);
    }

    [Theory]
    [InlineData("direct", true)]
    [InlineData("direct:/etc/postfix-out", true)]
    [InlineData("/run/vigie-queue.sock", true)]
    [InlineData("queue.sock", false)]
    [InlineData("direct:etc", false)]
    [InlineData("", false)]
    public void The_setting_is_a_path_or_direct(string value, bool good)
    {
        Assert.Equal(good, PostfixQueue.Problem(value) is null);
        Assert.NotNull(PostfixQueue.Problem("/" + new string('x', 200)));
    }

    private async Task<Listening> StartAsync(uint user)
    {
        var stop = new CancellationTokenSource();
        var listening = new Listening(new QueueHelper(_held, user).ListenAsync(SocketPath, stop.Token), stop);
        while (!File.Exists(SocketPath)) await Task.Delay(5, Token);
        return listening;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), Token);
                return socket;
            }
            catch (SocketException) when (attempt < 200)
            {
                await Task.Delay(5, Token);
            }
        }
    }

    private async Task<string?> SayAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Token);
        await using var stream = new NetworkStream(socket);
        return await QueueProtocol.ReadLineAsync(stream, 1000, Token);
    }

    private async Task<string> SayAsNobodyAsync(string request)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        const string program = "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new($ARGV[0]) or die $!; print $s $ARGV[1]; print <$s>;";
        var start = new ProcessStartInfo("setpriv", ["--reuid=65534", "--clear-groups", "perl", "-e", program, SocketPath, request])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var reply = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return reply;
    }

    private sealed record Listening(Task Task, CancellationTokenSource Stop) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Stop.CancelAsync();
            await Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Stop.Dispose();
        }
    }

    private sealed class MemoryHoldQueue(params string[] ids) : IHoldQueue
    {
        private readonly HashSet<string> _ids = [.. ids];

        public List<string> Acts { get; } = [];

        public Task<QueueReply> ActAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken)
        {
            Acts.Add($"{verb} {queueId}");
            return Task.FromResult(_ids.Remove(queueId) ? new QueueReply(QueueOutcome.Done, "done so") : new QueueReply(QueueOutcome.NotHeld, "not there"));
        }

        public Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<string>>(new HashSet<string>(_ids));
    }
}
