using System.Net;
using Vigie.Watches.Mail;
using Vigie.Watches.Mail.Milter;
using Vigie.Watches.Mail.Wiring;

namespace Vigie.Tests.Watches.Mail.Wiring;

public sealed class PostfixWiringTests
{
    private static readonly MailSettings Tcp = new() { Milter = new MilterSettings { Tcp = new IPEndPoint(IPAddress.Loopback, 8892), UnixPath = null } };
    private static readonly MailSettings InSpool = new() { Milter = new MilterSettings { Tcp = new IPEndPoint(IPAddress.Loopback, 8892), UnixPath = "/var/spool/postfix/vigie/milter.sock" } };

    private static PostfixWiring Wiring(string main, string overrides = "", params string[] chroot) =>
        new(PostfixCheck.Assignments("queue_directory = /var/spool/postfix\n" + main), PostfixCheck.Assignments(overrides), chroot.ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void An_untouched_Postfix_lacks_the_two_lines_that_matter() =>
        Assert.Equal(
            ["smtpd_milters = inet:127.0.0.1:8892", "non_smtpd_milters = inet:127.0.0.1:8892"],
            Wiring("smtpd_milters =\nnon_smtpd_milters =\nmilter_default_action = tempfail\nmilter_protocol = 6\n").MissingLines(Tcp));

    [Fact]
    public void The_socket_is_named_as_a_chrooted_and_an_unchrooted_process_both_find_it() =>
        Assert.Equal("unix:vigie/milter.sock", Wiring("").Address(InSpool.Milter));

    [Fact]
    public void Other_milters_stay_and_Vigie_comes_first() =>
        Assert.Equal(
            "smtpd_milters = inet:127.0.0.1:8892 inet:localhost:11332 { unix:opendkim/opendkim.sock, connect_timeout=5s }",
            Wiring("smtpd_milters = inet:localhost:11332, { unix:opendkim/opendkim.sock, connect_timeout=5s }\n").MissingLines(Tcp)[0]);

    [Theory]
    [InlineData("inet:127.0.0.1:8892")]
    [InlineData("inet:localhost:8892")]
    [InlineData("127.0.0.1:8892")]
    [InlineData("inet:localhost:11332, inet:127.0.0.1:8892")]
    [InlineData("{ inet:127.0.0.1:8892, default_action=accept }")]
    [InlineData("unix:vigie/milter.sock")]
    [InlineData("unix:/var/spool/postfix/vigie/milter.sock")]
    [InlineData("local:vigie/milter.sock")]
    public void Vigie_is_recognized_in_every_way_to_write_it(string milters) =>
        Assert.Empty(Wiring($"smtpd_milters = {milters}\nnon_smtpd_milters = {milters}\n").MissingLines(InSpool));

    [Theory]
    [InlineData("inet:127.0.0.1:88920")]
    [InlineData("inet:10.0.0.1:8892")]
    [InlineData("unix:/vigie/milter.sock")]
    [InlineData("")]
    public void And_nothing_else_is_taken_for_it(string milters) =>
        Assert.False(Wiring("").HasOurs(milters, InSpool.Milter));

    [Fact]
    public void What_disagrees_with_the_settings_gets_a_line()
    {
        var lines = Wiring(
            "smtpd_milters = inet:127.0.0.1:8892\nnon_smtpd_milters = inet:127.0.0.1:8892\nmilter_default_action = accept\n" +
            "milter_protocol = 2\nmilter_command_timeout = 10s\nmilter_content_timeout = 1m\n").MissingLines(Tcp);
        Assert.Equal(["milter_default_action = tempfail", "milter_protocol = 6", "milter_command_timeout = 55s", "milter_content_timeout = 270s"], lines);
        Assert.Contains("milter_default_action = accept", Wiring("").MissingLines(Tcp with { OnFailure = FailurePolicy.Accept }));
    }

    [Fact]
    public void A_service_that_turns_the_milter_off_is_found() =>
        Assert.Equal(
            ["127.0.0.1:10025/inet", "submission/inet"],
            Wiring("", "submission/inet/smtpd_milters =\n127.0.0.1:10025/inet/receive_override_options = no_milters\nsmtps/inet/smtpd_milters = inet:127.0.0.1:8892\n").Unguarded(Tcp.Milter));

    [Fact]
    public void A_socket_outside_the_chroot_is_found()
    {
        var outside = new MilterSettings { Tcp = null, UnixPath = "/var/lib/vigie/milter.sock" };
        const string main = "smtpd_milters = unix:/var/lib/vigie/milter.sock\n";
        Assert.Single(Wiring(main, "", "smtp/inet").OutOfChroot(outside));
        Assert.Empty(Wiring(main).OutOfChroot(outside));
        Assert.Empty(Wiring("smtpd_milters = unix:vigie/milter.sock\n", "", "smtp/inet").OutOfChroot(InSpool.Milter));
    }

    [Fact]
    public void Any_value_is_read_without_harm()
    {
        const int seed = 20260822;
        var random = new Random(seed);
        string[] pieces = ["{", "}", ",", " ", "inet:", "unix:", "/", "8892", "127.0.0.1", "local:", ":", "é", "\t", "9999999999s", "-1", "m"];
        for (var i = 0; i < 5_000; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var lines = Wiring($"smtpd_milters = {value}\nmilter_command_timeout = {value}\nmilter_protocol = {value}\n").MissingLines(InSpool);
            Assert.True(lines.Count <= 6, $"seed {seed}: {value}");
        }
    }
}
