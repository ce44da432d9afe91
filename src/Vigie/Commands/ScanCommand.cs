using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Formats;
using Vigie.Protection;
using Vigie.Watches.Mail.History;

namespace Vigie.Commands;

/// <summary><c>vigie scan</c>: looks back over what was kept for what went wrong unnoticed.</summary>
internal static class ScanCommand
{
    public static Command Create() => new("scan", "Look back over logs for what went wrong unnoticed.") { Maillog(), ScanLogsCommand.Create() };

    private static Command Maillog()
    {
        var options = new SettingsOptions();
        var files = new Argument<string[]>("FILE") { Description = "Postfix logs, plain or gzip, in any syslog or journal form.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "The messages as a JSON list." };
        var csv = new Option<bool>("--csv") { Description = "The messages as CSV." };
        var notices = new Option<bool>("--notices") { Description = "Also messages that would only have been marked." };
        var zone = LearnCommand.ZoneOption();
        var command = new Command("maillog", "Report messages that probably went to a look-alike domain. Reads files only; the store is not touched.")
        {
            files, json, csv, notices, zone, options.File,
        };
        command.SetAction(async (result, token) =>
        {
            if (options.Load(result) is not { } settings) return ExitCodes.Usage;
            var names = new ProtectedNames(settings.Protection);
            await names.ReloadAsync(token);
            var scan = new MaillogScan(names, new ImitationJudge(names, settings.Protection.Strictness), new Correspondence(names, settings.Mail));
            var failed = Read(result, scan, result.GetValue(files)!, result.GetValue(zone)!, token);
            var astray = scan.Conclude(result.GetValue(notices)).ToList();
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(astray, JsonOutput.Options));
            else if (result.GetValue(csv)) await WriteCsvAsync(output, astray);
            else await WriteTextAsync(output, scan, astray, Language.Of(result));
            return failed ? ExitCodes.Failed : astray.Count > 0 ? ExitCodes.Found : ExitCodes.Ok;
        });
        return command.WithExamples(
            ("vigie scan maillog /var/log/mail.log*", "Report what probably went astray. Exit code 1 where something did."),
            ("vigie scan maillog --csv --zone Africa/Bamako mail.log.1.gz > astray.csv", "The same as a table, for a log written in another zone."));
    }

    private static bool Read(ParseResult result, MaillogScan scan, string[] files, TimeZoneInfo zone, CancellationToken token)
    {
        var error = result.InvocationConfiguration.Error;
        var failed = false;
        foreach (var path in files)
        {
            try
            {
                using var bar = ProgressBar.On(error, Path.GetFileName(path));
                using var file = HistoryFile.Open(path);
                ReadFile(scan, file, new MaillogHistory(new SyslogClock(LearnCommand.Latest(file), zone)), bar, token);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"{path}: {e.Message}");
                failed = true;
            }
        }

        if (scan.NotKept > 0)
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scan.NotKept} further messages to look-alikes were not judged: more than {MaillogScan.MaxSuspects} in one run. Scan fewer files at a time."));
        return failed;
    }

    private static void ReadFile(MaillogScan scan, HistoryFile file, MaillogHistory history, ProgressBar bar, CancellationToken token)
    {
        var found = new List<PastMessage>();
        for (var lines = 1L; file.TryRead(out var line); lines++)
        {
            history.Line(line, found);
            foreach (var message in found) scan.Take(message);
            found.Clear();
            if (lines % 10_000 != 0) continue;
            bar.Report(file.Progress);
            token.ThrowIfCancellationRequested();
        }

        history.End(found);
        foreach (var message in found) scan.Take(message);
    }

    private static async Task WriteTextAsync(TextWriter output, MaillogScan scan, List<AstrayMessage> astray, string language)
    {
        foreach (var message in astray)
        {
            var sender = message.Sender ?? "?";
            var user = message.User is { } name && name != sender ? $" ({name})" : "";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{message.Time:yyyy-MM-dd HH:mm:ss}Z  {TerminalText.Plain(sender)}{TerminalText.Plain(user)} -> {TerminalText.Plain(message.Recipient)}  {TerminalText.Plain(message.Status)}  {TerminalText.Plain(message.Relay ?? "-")}"));
            await output.WriteLineAsync("    " + new Bilingual(
                $"Probably meant: {TerminalText.Plain(message.Suggestion)}. {message.Why.English}",
                $"Sans doute voulu : {TerminalText.Plain(message.Suggestion)}. {message.Why.French}").In(language));
        }

        var left = astray.Count(message => message.Status == "sent");
        var domains = astray.Select(message => message.Recipient[(message.Recipient.LastIndexOf('@') + 1)..]).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        string N(long number) => number.ToString("N0", CultureInfo.GetCultureInfo(language));
        await output.WriteLineAsync(new Bilingual(
            $"{N(scan.Messages)} deliveries read; {N(astray.Count)} probably went astray, to {N(domains)} domains; {N(left)} of them left.",
            $"{N(scan.Messages)} remises lues ; {N(astray.Count)} se sont sans doute égarées, vers {N(domains)} domaines ; {N(left)} d'entre elles sont parties.").In(language));
    }

    private static async Task WriteCsvAsync(TextWriter output, List<AstrayMessage> astray)
    {
        await output.WriteLineAsync("time,sender,user,recipient,status,relay,queue_id,imitates,suggestion,family,probability,why");
        foreach (var m in astray)
        {
            string?[] values =
            [
                m.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), m.Sender, m.User, m.Recipient, m.Status, m.Relay, m.QueueId,
                m.Imitates, m.Suggestion, m.Family, m.Probability.ToString("0.####", CultureInfo.InvariantCulture), m.Why.English,
            ];
            await output.WriteLineAsync(CsvText.Row(values));
        }
    }
}
