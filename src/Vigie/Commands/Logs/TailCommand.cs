using System.CommandLine;
using Vigie.Commands.Rules;
using Vigie.Engine.Findings;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Commands.Logs;

/// <summary><c>vigie tail</c>: follows a log and says at once what the rules find in it.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var rules = new RuleOptions();
        var file = new Argument<string>("FILE") { Description = "The log to follow; - is standard input, read to its end." };
        var fromStart = new Option<bool>("--from-start") { Description = "Also what is in the file already." };
        var level = ScanLogsCommand.MinLevel();
        var format = ScanLogsCommand.FormatOption();
        var json = new Option<bool>("--json") { Description = "Findings as JSON lines, as of \"scan logs\"." };
        var command = new Command("tail", "Follow a log and print what rules and correlations find in it as it happens. Goes on over rotation; stops with Ctrl+C.") { file, fromStart, level, format, json };
        rules.AddTo(command);
        command.SetAction((result, token) => RunAsync(
            result, rules, result.GetValue(file)!, result.GetValue(fromStart), LogHit.LevelOf(result.GetValue(level)!)!.Value, new ReadAs { Format = result.GetValue(format) }, result.GetValue(json), token));
        return command.WithExamples(
            ("vigie tail /var/log/auth.log --min-level medium", "What is found from now on, colored by level on a terminal."),
            ("journalctl -f -o json | vigie tail - --json", "Another program's output, findings for a third."));
    }

    private static async Task<int> RunAsync(ParseResult result, RuleOptions options, string file, bool fromStart, Severity atLeast, ReadAs readAs, bool json, CancellationToken token)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (file != "-" && !File.Exists(file))
        {
            await error.WriteLineAsync($"{file}: there is no such file.");
            return ExitCodes.Failed;
        }

        if (options.Load(result, null, token) is not { } rules || options.Settings.Load(result) is not { } settings) return ExitCodes.Usage;
        void Note(string text) => error.WriteLine($"{TerminalText.Plain(file)}: {TerminalText.Plain(text)}");
        var found = new TailFindings(rules, atLeast, settings.Logs.Lateness, json ? new JsonHits(output) : new TailLines(output, IsColored, Language.Of(result)), Note, TimeProvider.System);
        var follower = new LogFollower(readAs, diagnostic => Note($"{diagnostic.Code}: {diagnostic.Message}"));
        if (file != "-")
        {
            await follower.FollowAsync(file, fromStart, found.Record, found.Take, found.Through, token);
            return ExitCodes.Ok;
        }

        await using var input = System.Console.OpenStandardInput();
        await follower.ReadAsync(input, "-", found.Record, found.Take, found.Through, token);
        found.End();
        return found.Any ? ExitCodes.Found : ExitCodes.Ok;
    }

    // https://no-color.org: set to anything, nobody wants color.
    private static bool IsColored => !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private sealed class TailLines(TextWriter output, bool colored, string language) : IHitWriter
    {
        public void Write(LogHit hit)
        {
            var line = TimelineHits.TextOf(hit, language);
            output.WriteLine(colored ? $"\u001b[{ColorOf(hit.Level)}m{line}\u001b[0m" : line);
            output.Flush();
        }

        public void End(ScanSummary summary)
        {
        }

        // ECMA-48 §8.3.117: bold red, red, yellow, cyan, default.
        private static string ColorOf(Severity level) => level switch
        {
            Severity.Critical => "1;31",
            Severity.High => "31",
            Severity.Medium => "33",
            Severity.Low => "36",
            _ => "39",
        };
    }
}
