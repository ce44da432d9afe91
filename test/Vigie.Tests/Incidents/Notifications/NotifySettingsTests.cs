using Vigie.Engine.Findings;
using Vigie.Incidents.Notifications;
using Vigie.Operations;
using Vigie.Operations.Smtp;

namespace Vigie.Tests.Incidents.Notifications;

public sealed class NotifySettingsTests : IDisposable
{
    private const string Secret = "seventeen candles burn";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mail_channel_is_read_with_its_defaults()
    {
        var channel = Assert.Single(Read($"    - to: [soc@example.org]\n      server: mail.example.org:587\n      user: vigie\n      passwordFile: {_folder.Write("p", Secret + "\n")}\n"));
        Assert.Equal(("mail", "mail.example.org", 587, SmtpTls.StartTls), (channel.Name, channel.Server!.Host, channel.Server.Port, channel.Server.Tls));
        Assert.Equal(("vigie", Secret), (channel.Server.User, channel.Server.Password));
        Assert.Equal((Severity.High, 0.0, 15.0, 12, null, Severity.Critical, "en"), (channel.AtLeastSeverity, channel.AtLeastScore, channel.RiseBy, channel.PerHour, channel.Quiet, channel.OverrideAt, channel.Language));
    }

    [Theory]
    [InlineData("127.0.0.1:25", SmtpTls.None)]
    [InlineData("[::1]:587", SmtpTls.None)]
    [InlineData("192.0.2.1:465", SmtpTls.Implicit)]
    [InlineData("192.0.2.1:25", SmtpTls.StartTls)]
    public void Protection_follows_from_the_server_where_nothing_is_said(string server, SmtpTls tls) =>
        Assert.Equal(tls, Assert.Single(Read($"    - to: soc@example.org\n      server: \"{server}\"\n")).Server!.Tls);

    [Fact]
    public void A_webhook_is_read_with_everything()
    {
        var channel = Assert.Single(Read(
            $"    - {{name: chat, kind: webhook, url: \"https://chat.example.org/hooks/t0k3n\", secretFile: {_folder.Write("s", Secret)}, atLeastSeverity: medium, atLeastScore: 40, riseBy: 10, perHour: 3, quietHours: 22:00-06:30, timeZone: Africa/Bamako, overrideAt: high, language: fr}}\n"));
        Assert.Equal("chat.example.org", channel.Where);
        Assert.Equal((Severity.Medium, 40.0, 10.0, 3, Severity.High, "fr"), (channel.AtLeastSeverity, channel.AtLeastScore, channel.RiseBy, channel.PerHour, channel.OverrideAt, channel.Language));
        Assert.Equal("Africa/Bamako", channel.Quiet!.Zone.Id);
        Assert.DoesNotContain("t0k3n", channel.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("to: []", "to")]
    [InlineData("to: \"Soc <soc@example.org>\"", "to")]
    [InlineData("{to: a@example.org, from: \"a@b\\r\\nBcc: c@d\"}", "from")]
    [InlineData("{to: a@example.org, name: Big Name}", "name")]
    [InlineData("{to: a@example.org, server: nowhere}", "server")]
    [InlineData("{to: a@example.org, server: 'h:0'}", "server")]
    [InlineData("{to: a@example.org, user: x}", "passwordFile")]
    [InlineData("{to: a@example.org, passwordFile: /nonexistent/x}", "passwordFile")]
    [InlineData("{to: a@example.org, quietHours: 22-6}", "quietHours")]
    [InlineData("{to: a@example.org, timeZone: Mars/Olympus}", "timeZone")]
    [InlineData("{to: a@example.org, language: de}", "language")]
    [InlineData("{to: a@example.org, caFile: /nonexistent/ca}", "caFile")]
    [InlineData("{kind: webhook, url: \"https://h.example/\"}", "secretFile")]
    [InlineData("{kind: pigeon}", "kind")]
    public void Mistakes_are_named(string item, string key) =>
        Assert.Contains(Problems($"    - {item}\n"), problem => problem.Key == $"incidents.notify[0].{key}");

    [Theory]
    [InlineData("http://192.0.2.1/")]
    [InlineData("ftp://h.example/")]
    [InlineData("https://user:pw@h.example/")]
    [InlineData("nowhere")]
    public void A_webhook_goes_only_where_nobody_reads_along(string url) =>
        Assert.Contains(Problems($"    - {{kind: webhook, url: \"{url}\", secretFile: {_folder.Write("s", Secret)}}}\n"), problem => problem.Key.EndsWith(".url", StringComparison.Ordinal));

    [Fact]
    public void A_password_is_not_sent_in_the_clear_beyond_this_machine() => Assert.Contains(
        Problems($"    - {{to: a@example.org, server: \"192.0.2.1:25\", tls: none, user: x, passwordFile: {_folder.Write("p", Secret)}}}\n"),
        problem => problem.Key == "incidents.notify[0].tls");

    [Theory]
    [InlineData("short")]
    [InlineData("")]
    [InlineData("two lines of it\nand the other")]
    public void A_secret_that_is_none_is_refused_and_not_repeated(string secret)
    {
        var problem = Assert.Single(Problems($"    - {{kind: webhook, url: \"https://h.example/\", secretFile: {_folder.Write("s", secret)}}}\n"));
        Assert.Equal("incidents.notify[0].secretFile", problem.Key);
        if (secret.Length > 0) Assert.DoesNotContain(secret, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_channels_need_two_names() =>
        Assert.Contains(Problems("    - to: a@example.org\n    - to: b@example.org\n"), problem => problem.Key == "incidents.notify[1].name");

    private static IReadOnlyList<SettingsProblem> Problems(string items)
    {
        Settings.Parse("incidents:\n  notify:\n" + items, "/tmp/vigie", out var problems);
        return problems;
    }

    private static System.Collections.Immutable.ImmutableArray<NotifyChannel> Read(string items)
    {
        var settings = Settings.Parse("incidents:\n  notify:\n" + items, "/tmp/vigie", out var problems);
        Assert.Empty(problems);
        return settings.Incidents.Notify;
    }
}
