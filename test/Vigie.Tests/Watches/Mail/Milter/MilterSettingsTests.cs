using System.Net;
using Vigie.Operations;
using Vigie.Watches.Mail.Milter;
using YamlDotNet.RepresentationModel;

namespace Vigie.Tests.Watches.Mail.Milter;

public sealed class MilterSettingsTests
{
    private static MilterSettings Read(string yaml, out List<SettingsProblem> problems, string data = "/var/lib/vigie")
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        problems = [];
        var section = new SettingsSection(stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode, "mail.milter", problems);
        var settings = MilterSettings.Read(section, data, FailurePolicy.TempFail);
        section.ReportUnknownKeys();
        return settings;
    }

    [Fact]
    public void Nothing_said_listens_on_loopback_and_in_the_data_folder()
    {
        var settings = Read("", out var problems);
        Assert.Empty(problems);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8892), settings.Tcp);
        Assert.Equal("/var/lib/vigie/milter.sock", settings.UnixPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, settings.UnixMode);
    }

    [Fact]
    public void Reads_every_setting()
    {
        var settings = Read(
            """
            tcp: "[::1]:9000"
            unix: /run/vigie/m.sock
            unixMode: 0666
            unixGroup: daemon
            limits: { packet: 1MB, sessions: 10, recipients: 20, headers: 30, headerBytes: 40kB, bodyBytes: 50MB, messages: 60 }
            timeouts: { idle: 1h, packet: 2s, command: 3s, endOfMessage: 4s, progress: 5s, drain: 6s }
            """,
            out var problems);
        Assert.Empty(problems);
        Assert.Equal(9000, settings.Tcp?.Port);
        Assert.Equal("/run/vigie/m.sock", settings.UnixPath);
        Assert.Equal("daemon", settings.UnixGroup);
        Assert.Equal(0b110_110_110, (int)settings.UnixMode);
        Assert.Equal(new MilterLimits { PacketBytes = 1_000_000, Sessions = 10, Recipients = 20, Headers = 30, HeaderBytes = 40_000, BodyBytes = 50_000_000, Messages = 60 }, settings.Limits);
        Assert.Equal(
            new MilterTimeouts { Idle = TimeSpan.FromHours(1), Packet = TimeSpan.FromSeconds(2), Command = TimeSpan.FromSeconds(3), EndOfMessage = TimeSpan.FromSeconds(4), Progress = TimeSpan.FromSeconds(5), Drain = TimeSpan.FromSeconds(6) },
            settings.Timeouts);
    }

    [Theory]
    [InlineData("tcp: off\nunix: off", "mail.milter.tcp")]
    [InlineData("tcp: nowhere", "mail.milter.tcp")]
    [InlineData("unixMode: 999", "mail.milter.unixMode")]
    [InlineData("unixMode: rw", "mail.milter.unixMode")]
    [InlineData("unixGroup: no-such-group", "mail.milter.unixGroup")]
    [InlineData("limits: { packet: 1kB }", "mail.milter.limits.packet")]
    [InlineData("timeouts: { command: 0s }", "mail.milter.timeouts.command")]
    [InlineData("sockets: 1", "mail.milter.sockets")]
    [InlineData("unix: /0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678", "mail.milter.unix")]
    public void Names_the_key_that_is_wrong(string yaml, string key)
    {
        Read(yaml, out var problems);
        Assert.Equal([key], problems.Select(p => p.Key));
    }

    [Fact]
    public void A_long_data_folder_does_without_the_default_unix_socket()
    {
        var settings = Read("", out var problems, "/" + new string('x', 100));
        Assert.Empty(problems);
        Assert.Null(settings.UnixPath);
    }
}
