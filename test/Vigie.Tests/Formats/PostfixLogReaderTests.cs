using System.Globalization;
using System.Text;
using Vigie.Engine.Formats;

namespace Vigie.Tests.Formats;

public sealed class PostfixLogReaderTests
{
    private static readonly DateTimeOffset Reference = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Jan  2 10:00:00 mx postfix/smtp[123]: 4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)", "2026-01-02T10:00:00Z")]
    [InlineData("<22>Jan  2 10:00:00 mx postfix/smtp[123]: 4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)", "2026-01-02T10:00:00Z")]
    [InlineData("2026-01-02T10:00:00.123456+00:00 mx postfix/smtp[123]: 4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)", "2026-01-02T10:00:00.123456Z")]
    [InlineData("2026-01-02T11:00:00+0100 mx postfix-out/relay/smtp[123]: 4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)", "2026-01-02T10:00:00Z")]
    [InlineData("<22>1 2026-01-02T10:00:00Z mx postfix/smtp 123 - - 4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)", "2026-01-02T10:00:00Z")]
    [InlineData("<22>1 2026-01-02T10:00:00Z mx postfix/smtp 123 - [x y=\"1\"] 4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)", "2026-01-02T10:00:00Z")]
    [InlineData("{\"__REALTIME_TIMESTAMP\":\"1767348000000000\",\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"MESSAGE\":\"4ABCDEF12: to=<jane@army.ml>, relay=mail.ml[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)\"}", "2026-01-02T10:00:00Z")]
    public void Reads_a_delivery_however_syslog_wrote_it(string line, string time)
    {
        var entry = Reader().Line(line);
        Assert.NotNull(entry);
        Assert.Equal(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), entry.Time);
        Assert.Equal(("4ABCDEF12", "smtp", "jane@army.ml", "sent", "250 ok"), (entry.QueueId, entry.Daemon, entry.To!, entry.Status!, entry.Detail!));
        Assert.Equal(("mail.ml[192.0.2.1]:25", "2.0.0"), (entry.Relay, entry.Dsn));
    }

    [Fact]
    public void Reads_the_export_form_of_the_journal()
    {
        var reader = Reader();
        string[] lines = ["__CURSOR=s=1", "__REALTIME_TIMESTAMP=1767348000000000", "SYSLOG_IDENTIFIER=postfix/qmgr", "MESSAGE=4ABCDEF12: from=<bob@example.org>, size=300, nrcpt=1 (queue active)"];
        Assert.All(lines, line => Assert.Null(reader.Line(line)));
        Assert.Equal("bob@example.org", reader.Line("")!.From);
        Assert.Null(reader.End());
    }

    [Fact]
    public void Reads_senders_users_and_the_end_of_a_message()
    {
        var reader = Reader();
        Assert.Equal("", reader.Line("Jan  2 10:00:00 mx postfix/qmgr[1]: 3xYz9zZ: from=<>, size=1, nrcpt=1 (queue active)")!.From);
        Assert.Equal("bob", reader.Line("Jan  2 10:00:00 mx postfix/submission/smtpd[1]: 4ABCDEF12: client=pc[192.0.2.7], sasl_method=PLAIN, sasl_username=bob")!.User);
        Assert.True(reader.Line("Jan  2 10:00:00 mx postfix/qmgr[1]: 4ABCDEF12: removed")!.IsRemoved);
        var odd = reader.Line("Jan  2 10:00:00 mx postfix/smtp[1]: 4ABCDEF12: to=<\"a>, status=x\"@army.ml>, orig_to=<b>, relay=none, dsn=4.4.1, status=deferred (no)")!;
        Assert.Equal(("\"a>, status=x\"@army.ml", "deferred"), (odd.To, odd.Status));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Jan  2 10:00:00 mx sshd[1]: Accepted password")]
    [InlineData("Jan  2 10:00:00 mx postfix/smtpd[1]: connect from pc[192.0.2.7]")]
    [InlineData("Jan  2 10:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from x: 550; from=<a@b> to=<c@d>")]
    [InlineData("Foo 99 10:00:00 mx postfix/smtp[1]: 4ABCDEF12: to=<a@b>, status=sent (x)")]
    [InlineData("Feb 30 10:00:00 mx postfix/smtp[1]: 4ABCDEF12: to=<a@b>, status=sent (x)")]
    [InlineData("{\"MESSAGE\":")]
    [InlineData("{\"MESSAGE\":[1,2],\"SYSLOG_IDENTIFIER\":\"postfix/smtp\"}")]
    [InlineData("<22>1 - - - - -")]
    public void Has_nothing_to_say_about_other_lines(string line) => Assert.Null(Reader().Line(line));

    [Fact]
    public void A_delivery_to_a_filter_on_the_same_machine_is_a_step_and_no_arrival()
    {
        var entry = Reader().Line("Jan  2 10:00:00 mx postfix/smtp[1]: 4ABCDEF12: to=<a@b.example>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5ABCDEF12)")!;
        Assert.True(entry.IsInternalHop);
        Assert.False((entry with { Relay = "mx.b.example[192.0.2.1]:25" }).IsInternalHop);
    }

    [Fact]
    public void The_year_follows_the_lines_over_New_Year_and_never_lies_after_the_reference()
    {
        var clock = new SyslogClock(new DateTimeOffset(2026, 1, 3, 12, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        Assert.Equal(2025, YearOf(clock, "Dec 30 23:59:59 x"));
        Assert.Equal(2025, YearOf(clock, "Dec 31 23:59:59 x"));
        Assert.Equal(2026, YearOf(clock, "Jan  1 00:00:01 x"));
        Assert.Equal(2025, YearOf(clock, "Dec 31 23:59:59 x"));
        Assert.Equal(2026, YearOf(clock, "Jan  2 00:00:01 x"));
        Assert.Equal(2024, YearOf(new SyslogClock(Reference, TimeZoneInfo.Utc), "Feb 29 00:00:01 x"));
        Assert.Equal(2025, YearOf(new SyslogClock(Reference, TimeZoneInfo.Utc), "Mar  5 00:00:01 x"));
    }

    [Fact]
    public void Local_time_becomes_UTC()
    {
        var paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var clock = new SyslogClock(Reference, paris);
        Assert.True(clock.TryRead("Jul  1 12:00:00 x", out var summer, out _));
        Assert.Equal(new DateTimeOffset(2025, 7, 1, 10, 0, 0, TimeSpan.Zero), summer);
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public void Never_throws_whatever_comes(int seed)
    {
        var random = new Random(seed);
        string[] pieces =
        [
            "Jan  2 10:00:00 ", "2026-01-02T10:00:00Z ", "<22>1 ", "<22>", "mx ", "postfix/smtp[1]: ", "4ABCDEF12: ", "to=<", ">, ", "status=", "sent (", ")",
            "MESSAGE=", "{\"MESSAGE\":\"", "\"", "=", ",", "\\", " ", "\0", "é", "__REALTIME_TIMESTAMP=99999999999999999999", "Feb 29 ", "from=<>",
        ];
        var reader = Reader();
        for (var run = 0; run < 50_000; run++)
        {
            var line = new StringBuilder();
            for (var i = random.Next(0, 12); i > 0; i--) line.Append(pieces[random.Next(pieces.Length)]);
            if (reader.Line(line.ToString()) is { } entry) Assert.NotEqual("", entry.QueueId);
        }
    }

    private static PostfixLogReader Reader() => new(new SyslogClock(Reference, TimeZoneInfo.Utc));

    private static int YearOf(SyslogClock clock, string line)
    {
        Assert.True(clock.TryRead(line, out var time, out _));
        return time.Year;
    }
}
