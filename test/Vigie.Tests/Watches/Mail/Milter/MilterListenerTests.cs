using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Vigie.Operations;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

[UnsupportedOSPlatform("windows")]
public sealed class MilterListenerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedHandler _script = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MilterSettings OnUnix => new() { Tcp = null, UnixPath = _folder.Combine("run", "m.sock"), UnixMode = (UnixFileMode)0x1B6 /* 0666 */ };

    [Fact]
    public async Task Serves_over_a_unix_socket_with_the_wanted_permissions_and_removes_it()
    {
        var settings = OnUnix;
        await using (var milter = await RunningMilter.StartAsync(_script, settings, Token))
        {
            Assert.Equal(settings.UnixMode, File.GetUnixFileMode(settings.UnixPath!));
            Assert.Equal(["m.sock"], Directory.GetFileSystemEntries(_folder.Combine("run")).Select(Path.GetFileName));
            Assert.Equal(settings.UnixPath, milter.EndPoint.ToString());
            await using var peer = await milter.MeetAsync(Token);
            Assert.Equal("c", await peer.AskAsync(MilterPackets.Connect(), Token));
        }

        Assert.False(File.Exists(settings.UnixPath));
    }

    [Fact]
    public async Task The_socket_can_be_given_to_a_group()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may give a file to any group");
        var settings = OnUnix with { UnixGroup = "daemon", UnixMode = MilterSettings.DefaultUnixMode };
        await using var milter = await RunningMilter.StartAsync(_script, settings, Token);
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%G %a", settings.UnixPath!]) { RedirectStandardOutput = true })!;
        Assert.Equal("daemon 660\n", await stat.StandardOutput.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task A_socket_left_by_a_dead_process_is_replaced()
    {
        var settings = OnUnix;
        Directory.CreateDirectory(_folder.Combine("run"));
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(settings.UnixPath + ".dead"));
            // The file outlives its socket once it has another name than the one it was bound to.
            File.Move(settings.UnixPath + ".dead", settings.UnixPath!);
        }

        await using var milter = await RunningMilter.StartAsync(_script, settings, Token);
        await using var peer = await milter.MeetAsync(Token);
    }

    [Fact]
    public async Task A_socket_somebody_listens_on_is_left_alone()
    {
        var settings = OnUnix;
        await using var first = await RunningMilter.StartAsync(_script, settings, Token);
        var failure = await Assert.ThrowsAsync<ListenException>(() => RunningMilter.StartAsync(_script, settings, Token));
        Assert.Equal("mail.milter.unix", failure.Setting);
        await using var peer = await first.MeetAsync(Token);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        var settings = OnUnix;
        _folder.Write("run/m.sock", "precious");
        await Assert.ThrowsAsync<ListenException>(() => RunningMilter.StartAsync(_script, settings, Token));
        Assert.Equal("precious", await File.ReadAllTextAsync(settings.UnixPath!, Token));
        _folder.Write("run/m.sock", "");
        await Assert.ThrowsAsync<ListenException>(() => RunningMilter.StartAsync(_script, settings, Token));
        Assert.True(File.Exists(settings.UnixPath));
    }

    [Fact]
    public async Task A_taken_port_names_the_setting_and_opens_nothing()
    {
        await using var first = await RunningMilter.StartAsync(_script, cancellationToken: Token);
        var settings = OnUnix with { Tcp = (IPEndPoint)first.EndPoint };
        var failure = await Assert.ThrowsAsync<ListenException>(() => RunningMilter.StartAsync(_script, settings, Token));
        Assert.Equal("mail.milter.tcp", failure.Setting);
        Assert.False(File.Exists(settings.UnixPath));
    }

    public void Dispose() => _folder.Dispose();
}
