using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Vigie.Engine.Lookalikes;
using Vigie.Operations;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Commands;

/// <summary><c>vigie domains feed</c>: searches files of names for imitations, now, and stores nothing.</summary>
internal static class DomainsFeedCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var files = new Argument<string[]>("file") { Description = "Files of names, packed with gzip or not; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var format = new Option<FeedFormat>("--format") { Description = "How lines are read: auto, list, csv or ct (certificate transparency as JSON).", HelpName = "FORMAT" };
        var column = new Option<string>("--column") { Description = "The column of the name in csv: its heading, or its number from 1.", DefaultValueFactory = _ => "1", HelpName = "COLUMN" };
        var protect = new Option<string[]>("--protect") { Description = "Domain whose imitations are looked for, instead of those of the settings.", HelpName = "DOMAIN" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("feed", "Search lists of names, or certificate transparency, for imitations of protected names. Asks nobody; stores nothing.") { files, format, column, protect, json };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(
            result, options, new Request(result.GetValue(files) ?? [], result.GetValue(format), result.GetValue(column)!, result.GetValue(protect) ?? [], result.GetValue(json)), token));
        return command.WithExamples(
            ("vigie domains feed new-names.txt.gz --protect example.com", "Names in the list that imitate example.com, one a line. Exit code 1 when there is any."),
            ("tail -F certstream.jsonl | vigie domains feed - --format ct", "Certificates as they are issued, against every name of the settings."),
            ("vigie domains feed top-1m.csv --column 2 --json", "The second column of a CSV file, for a program."));
    }

    private sealed record Request(IReadOnlyList<string> Files, FeedFormat Format, string Column, IReadOnlyList<string> Protect, bool Json);

    private sealed class Totals
    {
        public long Lines { get; set; }

        public long Names { get; set; }

        public long Matches { get; set; }

        public long Malformed { get; set; }
    }

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, Request request, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (!TryReadNames(settings, request.Protect, error, out var names)) return ExitCodes.Usage;

        var lookup = new ProtectedLookup(() => names, FeedTargets.All);
        var totals = new Totals();
        var started = Stopwatch.GetTimestamp();
        foreach (var file in request.Files) await ReadAsync(file, request, lookup, totals, output, error, token);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{totals.Lines} lines, {totals.Names} names ({totals.Names / Math.Max(seconds, 1e-6):0} a second), {totals.Matches} imitations of {names.Count} protected names, {totals.Malformed} malformed."));
        return totals.Matches > 0 ? ExitCodes.Found : ExitCodes.Ok;
    }

    private static async Task ReadAsync(string file, Request request, ProtectedLookup lookup, Totals totals, TextWriter output, TextWriter error, CancellationToken token)
    {
        var feed = new FeedSettings { Name = "command", Format = request.Format, Column = request.Column };
        var format = NameFormat.Of(feed);
        await using var text = file == "-"
            ? new FeedText(System.Console.OpenStandardInput(), [], new FeedPosition(new FileIdentity(0, ""), 0), IsFinal: true, Length: null)
            : await FeedText.OpenAsync(file, null, isFinal: true, feed, token);
        format.Begin(text.FirstLine);
        using var bar = ProgressBar.On(error, file);
        var lines = new BoundedLineReader(text.Content, 0, feed.MaxLineBytes);
        var names = new LineNames();
        var isFirst = true;
        while (await lines.ReadAsync(lastCounts: true, token) is { } line)
        {
            totals.Lines++;
            names.Clear();
            if (isFirst && text.FirstLine.Length == 0) format.Begin(line.Bytes.Span);
            if (line.TooLong) names.Problem = "too long";
            else format.Read(WithoutMark(line.Bytes.Span, isFirst), isFirst, names);
            isFirst = false;
            if (names.Problem is not null) totals.Malformed++;
            foreach (var name in names.Names) await MatchAsync(name, request.Json, lookup, totals, output);
            if (text.Length is > 0 and var length && totals.Lines % 4096 == 0) bar.Report(line.End / (double)length);
        }
    }

    private static async Task MatchAsync(string name, bool json, ProtectedLookup lookup, Totals totals, TextWriter output)
    {
        totals.Names++;
        if (lookup.Find(name) is not { } matches)
        {
            totals.Malformed++;
            return;
        }

        foreach (var match in matches)
        {
            totals.Matches++;
            await output.WriteLineAsync(json
                ? JsonSerializer.Serialize(new { match.Suspect, match.Target, match.Family, match.Likelihood, match.Resemblance, explanation = match.Explanation.English }, JsonLine)
                : $"{match.Suspect}\t{match.Target}\t{match.Family}");
        }
    }

    private static readonly JsonSerializerOptions JsonLine = new(JsonOutput.Options) { WriteIndented = false };

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line, bool isFirst) => isFirst && line.StartsWith("\uFEFF"u8) ? line[3..] : line;

    private static bool TryReadNames(Settings settings, IReadOnlyList<string> texts, TextWriter error, out IReadOnlyList<ProtectedName> names)
    {
        var given = new List<ProtectedName>();
        names = given;
        foreach (var text in texts)
        {
            if (DomainNames.TryNormalize(text, out var domain, out var problem))
            {
                given.Add(new ProtectedName(domain, ProtectedOrigin.Own, "command line"));
                continue;
            }

            error.WriteLine($"--protect \"{text}\": {problem}");
            return false;
        }

        if (texts.Count == 0) names = new Protection.ProtectedNames(settings.Protection).All;
        if (names.Count == 0) error.WriteLine("No name to protect: give one with --protect, or set protection.ownDomains.");
        return names.Count > 0;
    }
}
