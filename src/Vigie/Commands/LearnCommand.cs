using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine;
using Vigie.Engine.Formats;
using Vigie.Governance;
using Vigie.Operations;
using Vigie.Protection;
using Vigie.Store;
using Vigie.Watches.Mail.History;

namespace Vigie.Commands;

/// <summary><c>vigie learn</c>: tells the guard whom the organisation writes to, from logs, mailboxes or tables, before it guards.</summary>
internal static class LearnCommand
{
    public static Command Create() => new("learn", "Learn from history whom the organisation corresponds with.")
    {
        Kind(
            "maillog",
            "Learn from Postfix logs (plain or gzip; any syslog or journal form).",
            (file, zone) => new MaillogHistory(new SyslogClock(Latest(file), zone)),
            ("vigie learn maillog /var/log/mail.log*", "Learn from all logs at hand, in one run; running it again learns only what is new."),
            ("vigie learn maillog --json mail.log.2.gz", "The same, with the outcome for a program to read.")),
        Kind(
            "mbox",
            "Learn from mbox files or single messages: a folder of sent mail is best.",
            (_, _) => new MboxHistory(),
            ("vigie learn mbox Sent.mbox", "Learn from the headers of sent mail.")),
        Kind(
            "csv",
            "Learn from tables with the columns time, sender, recipient (and status).",
            (_, _) => new CsvHistory(),
            ("vigie learn csv export.csv", "Learn from an export of another mail system's tracking log.")),
    };

    private static Command Kind(string kind, string description, Func<HistoryFile, TimeZoneInfo, IHistoryReader> open, params (string, string)[] examples)
    {
        var options = new SettingsOptions();
        var files = new Argument<string[]>("FILE") { Description = "Files; oldest first teaches most about days.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "The outcome as JSON." };
        var zone = ZoneOption();
        var command = new Command(kind, description) { files, json };
        if (kind == "maillog") command.Add(zone);
        options.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            if (options.Load(result) is not { } settings) return ExitCodes.Usage;
            var timeZone = kind == "maillog" ? result.GetValue(zone)! : TimeZoneInfo.Utc;
            return await RunAsync(result, settings, kind, result.GetValue(files)!, file => open(file, timeZone), result.GetValue(json), token);
        });
        return command.WithExamples(examples);
    }

    /// <summary>The zone of time stamps that name none.</summary>
    internal static Option<TimeZoneInfo> ZoneOption() => new("--zone")
    {
        Description = "Time zone of time stamps without one, such as Europe/Paris (default: this machine's).",
        HelpName = "ZONE",
        DefaultValueFactory = _ => TimeZoneInfo.Local,
        CustomParser = argument =>
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(argument.Tokens[0].Value, out var found)) return found;
            argument.AddError($"\"{argument.Tokens[0].Value}\" is not a time zone this machine knows");
            return null;
        },
    };

    /// <summary>No line of a log is later than the file's last change, nor than now.</summary>
    internal static DateTimeOffset Latest(HistoryFile file)
    {
        var now = TimeProvider.System.GetUtcNow();
        return file.Changed < now ? file.Changed : now;
    }

    private static async Task<int> RunAsync(
        ParseResult result, Settings settings, string kind, string[] files, Func<HistoryFile, IHistoryReader> open, bool json, CancellationToken token)
    {
        var error = result.InvocationConfiguration.Error;
        var learned = new List<LearnedFile>();
        var failed = false;
        try
        {
            await using var store = await Store.Store.OpenAsync(settings.Store, TimeProvider.System, NullLoggerFactory.Instance, token);
            var names = new ProtectedNames(settings.Protection, new ProtectedNameTable(store, new Journal(store, TimeProvider.System), TimeProvider.System));
            await names.ReloadAsync(token);
            if (settings.Protection.OwnDomains.Count == 0)
                await error.WriteLineAsync("protection.ownDomains is empty: all mail counts as outgoing.");

            var learner = new HistoryLearner(store, new Positions(store, TimeProvider.System), new Correspondence(names, settings.Mail));
            foreach (var path in files)
            {
                IHistoryReader? reader = null;
                try
                {
                    using var bar = ProgressBar.On(error, Path.GetFileName(path));
                    learned.Add(await learner.LearnAsync(kind, path, file => reader = open(file), bar, token));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    await error.WriteLineAsync($"{path}: {e.Message}");
                    failed = true;
                }

                if (reader is CsvHistory { Problem: { } problem })
                {
                    await error.WriteLineAsync($"{path}: {problem}");
                    failed = true;
                }
            }
        }
        catch (StoreException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }

        await PrintAsync(result.InvocationConfiguration.Output, learned, json, Language.Of(result));
        return failed ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static async Task PrintAsync(TextWriter output, List<LearnedFile> learned, bool json, string language)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(learned, JsonOutput.Options));
            return;
        }

        foreach (var file in learned)
        {
            string N(long number) => number.ToString("N0", CultureInfo.GetCultureInfo(language));
            await output.WriteLineAsync(new Bilingual(
                $"{file.File}: {N(file.Messages)} new messages; {N(file.Outgoing)} outgoing ({N(file.Resembling)} to look-alikes, kept apart), {N(file.Incoming)} incoming; {N(file.AlreadyLearned)} bytes were learned before.",
                $"{file.File} : {N(file.Messages)} messages nouveaux ; {N(file.Outgoing)} sortants ({N(file.Resembling)} vers des sosies, mis à part), {N(file.Incoming)} entrants ; {N(file.AlreadyLearned)} octets étaient déjà appris.").In(language));
        }
    }
}
