using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Commands;
using Vigie.Governance;
using Vigie.Operations;
using Vigie.Watches.Mail;

namespace Vigie.Tests.Watches.Mail.History;

/// <summary>Learning from history and looking back over logs, as commands on real files.</summary>
public sealed class HistoryCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _settings;

    public HistoryCommandsTests() =>
        _settings = _folder.Write("vigie.yaml", $"dataDirectory: {_folder.Combine("data")}\nprotection:\n  ownDomains: [own.example]\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_log_is_learned_once_however_often_it_is_given_grown_or_compressed()
    {
        var log = _folder.Write("mail.log", string.Concat(Delivery(1, "bob@own.example", "ann@partner.example"), Delivery(2, "bob@own.example", "ann@partner.example")));
        Assert.Equal((2, 0), await LearnAsync("maillog", log));
        Assert.Equal((0, new FileInfo(log).Length), await LearnAsync("maillog", log));

        // Half a line at the end is a line still being written; a sender named before the rest is still known.
        var third = Delivery(3, "bob@own.example", "ann@partner.example");
        await File.AppendAllTextAsync(log, third[..^30], Token);
        Assert.Equal(0, (await LearnAsync("maillog", log)).New);
        await File.AppendAllTextAsync(log, third[^30..], Token);
        Assert.Equal(1, (await LearnAsync("maillog", log)).New);

        var compressed = _folder.Combine("mail.log.1.gz");
        await using (var gzip = new GZipStream(File.Create(compressed), CompressionLevel.Fastest)) await gzip.WriteAsync(await File.ReadAllBytesAsync(log, Token), Token);
        Assert.Equal(0, (await LearnAsync("maillog", compressed)).New);
        Assert.Equal(3, (await RelationshipsOfAsync("partner.example"))[0].Sent);
        Assert.Equal(3, (await RelationshipsOfAsync("partner.example"))[0].SentDays);
    }

    [Fact]
    public async Task Another_file_with_the_same_first_lines_is_another_file()
    {
        const string head = "time,sender,recipient\n2026-01-01T00:00:00Z,bob@own.example,a@partner.example\n";
        Assert.Equal(2, (await LearnAsync("csv", _folder.Write("one.csv", head + "2026-01-02T00:00:00Z,bob@own.example,b@partner.example\n"))).New);
        Assert.Equal(2, (await LearnAsync("csv", _folder.Write("two.csv", head + "2026-01-03T00:00:00Z,bob@own.example,c@partner.example\n"))).New);
        Assert.Equal(0, (await LearnAsync("csv", _folder.Combine("one.csv"))).New);
        Assert.Equal(0, (await LearnAsync("csv", _folder.Combine("two.csv"))).New);
        Assert.Equal(4, (await RelationshipsOfAsync("partner.example"))[0].Sent);
    }

    [Fact]
    public async Task History_learns_deliveries_only_knows_the_direction_and_keeps_look_alikes_apart()
    {
        var log = _folder.Write("mail.log", string.Concat(
            Delivery(1, "bob@own.example", "ann@partner.example"),
            Delivery(2, "bob+list@own.example", "ann@partner.example"),
            Delivery(3, "bob@own.example", "gone@partner.example", "bounced"),
            Delivery(4, "ann@partner.example", "bob@own.example"),
            Delivery(5, "bob@own.example", "jane@army.ml"),
            "Jan  5 10:00:00 mx postfix/smtp[9]: 4FFFFFFFFF: to=<x@partner.example>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, status=sent (250 ok: queued as 4AAAAAAAA)\n"));
        await LearnAsync("maillog", log);
        var partner = await RelationshipsOfAsync("partner.example");
        Assert.Equal((2, 1, 1), (partner[0].Sent, partner[0].Received, partner[0].Replies));
        Assert.Equal("bob@own.example", partner[1].Mailbox);
        var imitation = (await RelationshipsOfAsync("army.ml"))[0];
        Assert.Equal((0, 1), (imitation.Sent, imitation.Past));
    }

    [Fact]
    public async Task Sent_mail_in_an_mbox_teaches_from_its_headers()
    {
        var mbox = _folder.Write("Sent", "From x\nFrom: Bob <bob@own.example>\nTo: ann@partner.example, \"Joe\" <joe@third.example>\nCc: ann@partner.example\nDate: Mon, 5 Jan 2026 10:00:00 +0100\n\nbody\n");
        Assert.Equal(2, (await LearnAsync("mbox", mbox)).New);
        Assert.Equal(1, (await RelationshipsOfAsync("third.example"))[0].Sent);
    }

    [Fact]
    public async Task Bad_files_are_named_and_the_good_ones_still_learned()
    {
        var bad = _folder.Write("bad.csv", "when,who\n1,2\n");
        var good = _folder.Write("good.csv", "recipient,time,sender\nann@partner.example,2026-01-01T00:00:00Z,bob@own.example\nrubbish\n\"a\"\"b\",x,y\n");
        var (code, _, error) = await RunAsync("learn", "csv", _folder.Combine("missing.csv"), bad, good, "--settings", _settings);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("missing.csv", error, StringComparison.Ordinal);
        Assert.Contains("must name the columns", error, StringComparison.Ordinal);
        Assert.Equal(1, (await RelationshipsOfAsync("partner.example"))[0].Sent);
    }

    [Fact]
    public async Task The_look_back_reports_what_went_astray_and_how_each_attempt_ended()
    {
        var log = _folder.Write("mail.log", string.Concat(
            Delivery(1, "bob@own.example", "jane@army.mil"),
            Delivery(2, "bob@own.example", "jane@army.ml", "deferred", id: "4ABABABAB1"),
            Delivery(3, "bob@own.example", "jane@army.ml", "sent", id: "4ABABABAB1"),
            Delivery(4, "bob@own.example", "ann@partner.example")));
        var (code, output, _) = await RunAsync("scan", "maillog", log, "--json", "--zone", "UTC", "--settings", _settings);
        Assert.Equal(ExitCodes.Found, code);
        var astray = Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray().ToList());
        Assert.Equal(("bob@own.example", "jane@army.ml", "sent"), (astray.GetProperty("sender").GetString(), astray.GetProperty("recipient").GetString(), astray.GetProperty("status").GetString()));
        Assert.Equal(("army.mil", "jane@army.mil"), (astray.GetProperty("imitates").GetString(), astray.GetProperty("suggestion").GetString()));
        Assert.EndsWith("-01-03T10:00:00+00:00", astray.GetProperty("time").GetString(), StringComparison.Ordinal);

        (code, output, _) = await RunAsync("scan", "maillog", log, "--csv", "--settings", _settings);
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        (_, output, _) = await RunAsync("scan", "maillog", log, "--settings", _settings, "--lang", "fr");
        Assert.Contains("Sans doute voulu : jane@army.mil", output, StringComparison.Ordinal);

        var clean = _folder.Write("clean.log", Delivery(1, "bob@own.example", "ann@partner.example"));
        Assert.Equal(ExitCodes.Ok, (await RunAsync("scan", "maillog", clean, "--settings", _settings)).Code);
        Assert.Equal(ExitCodes.Failed, (await RunAsync("scan", "maillog", _folder.Combine("missing"), "--settings", _settings)).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("scan", "maillog", clean, "--zone", "Nowhere/Land", "--settings", _settings)).Code);
    }

    [Fact]
    public async Task What_a_stranger_wrote_into_a_log_neither_runs_in_a_spreadsheet_nor_moves_a_terminal()
    {
        var log = _folder.Write("mail.log", Delivery(1, "=cmd()@own.example", "jane@army.ml").Replace("relay=mx", "relay=\u001b[31mmx", StringComparison.Ordinal));
        var (_, csv, _) = await RunAsync("scan", "maillog", log, "--csv", "--settings", _settings);
        Assert.Contains(",'=cmd()@own.example,", csv, StringComparison.Ordinal);
        var (_, text, _) = await RunAsync("scan", "maillog", log, "--settings", _settings);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task The_mode_is_shown_and_switched_with_a_reason()
    {
        Assert.StartsWith("observe", (await RunAsync("mode", "--settings", _settings, "--lang", "en")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("mode", "enforce", "--settings", _settings)).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("mode", "bypass", "--for", "30d", "--reason", "x", "--settings", _settings)).Code);
        Assert.Equal(ExitCodes.Ok, (await RunAsync("mode", "bypass", "--for", "30m", "--reason", "stuck", "--settings", _settings)).Code);
        var (_, output, _) = await RunAsync("mode", "--json", "--settings", _settings);
        var state = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("bypass", "observe", "stuck"), (state.GetProperty("mode").GetString(), state.GetProperty("backTo").GetString(), state.GetProperty("reason").GetString()));
    }

    private async Task<(long New, long Before)> LearnAsync(string kind, string file)
    {
        var (code, output, error) = await RunAsync("learn", kind, file, "--json", "--settings", _settings);
        Assert.True(code == ExitCodes.Ok, error);
        var learned = JsonDocument.Parse(output).RootElement[0];
        return (learned.GetProperty("messages").GetInt64(), learned.GetProperty("alreadyLearned").GetInt64());
    }

    private async Task<IReadOnlyList<Relationship>> RelationshipsOfAsync(string domain)
    {
        var settings = Settings.Load(_settings, null, out _);
        await using var store = await Vigie.Store.Store.OpenAsync(settings.Store, TimeProvider.System, NullLoggerFactory.Instance, Token);
        return await new Relationships(store, new Journal(store, TimeProvider.System), TimeProvider.System).OfDomainAsync(domain, 10, Token);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await VigieCommand.RunAsync(args, output, error, Token);
        return (code, output.ToString(), error.ToString());
    }

    // The lines that Postfix writes about one message to one recipient; one a day.
    private static string Delivery(int day, string from, string to, string status = "sent", string? id = null)
    {
        id ??= string.Create(CultureInfo.InvariantCulture, $"4{day:X9}");
        var prefix = string.Create(CultureInfo.InvariantCulture, $"Jan {day,2} 10:00:00 mx postfix");
        return new StringBuilder()
            .Append(prefix).Append("/smtpd[1]: ").Append(id).Append(": client=pc[192.0.2.1], sasl_method=PLAIN, sasl_username=bob\n")
            .Append(prefix).Append("/qmgr[2]: ").Append(id).Append(": from=<").Append(from).Append(">, size=300, nrcpt=1 (queue active)\n")
            .Append(prefix).Append("/smtp[3]: ").Append(id).Append(": to=<").Append(to).Append(">, relay=mx.example[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=").Append(status).Append(" (250 ok)\n")
            .ToString();
    }
}
