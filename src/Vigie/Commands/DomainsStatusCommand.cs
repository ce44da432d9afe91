using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Store;
using Vigie.Watches.Domains.Feeds;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Commands;

/// <summary><c>vigie domains status</c>: what the node has seen of look-alikes and feeds.</summary>
internal static class DomainsStatusCommand
{
    private const int MostRows = 100_000;

    public static Command Create()
    {
        var options = new SettingsOptions();
        var mail = new Option<bool>("--mail") { Description = "Only look-alikes with mail servers." };
        var json = new Option<bool>("--json") { Description = "The same as JSON." };
        var command = new Command("status", "Print the registered look-alikes, the last run and the feeds, from the store; asks nobody.") { mail, json };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(result, options, result.GetValue(mail), result.GetValue(json), token));
        return command.WithExamples(
            ("vigie domains status", "Registered look-alikes, those with mail servers first. Exit code 1 when there is any."),
            ("vigie domains status --mail --json", "Those that take mail, for a program."));
    }

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, bool mailOnly, bool json, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var output = result.InvocationConfiguration.Output;
        try
        {
            await using var store = await Store.Store.OpenAsync(settings.Store, TimeProvider.System, NullLoggerFactory.Instance, token);
            var table = new WatchTable(store);
            var registered = await table.ListRegisteredAsync(mailOnly, 0, MostRows, token);
            var run = await table.LastFinishedRunAsync(token);
            var feeds = (await new FeedTable(store).LoadAsync(token)).Values.OrderBy(feed => feed.Name, StringComparer.Ordinal).ToList();
            if (json) await output.WriteLineAsync(ToJson(registered, run, feeds));
            else await PrintAsync(registered, run, feeds, output);
            return registered.Count > 0 ? ExitCodes.Found : ExitCodes.Ok;
        }
        catch (StoreException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Problem.Text.In(Language.Of(result)));
            return ExitCodes.Failed;
        }
    }

    private static async Task PrintAsync(IReadOnlyList<WatchEntry> registered, WatchRun? run, IReadOnlyList<FeedStatus> feeds, TextWriter output)
    {
        foreach (var (name, state, _) in registered)
            await output.WriteLineAsync(string.Join('\t', name.Domain, name.Target, state.Mail.ToString().ToLowerInvariant(), string.Join(',', state.Exchanges), Time(state.RegisteredSince)));
        await output.WriteLineAsync(run is null
            ? "No run has ended yet."
            : string.Create(CultureInfo.InvariantCulture, $"Last run {Time(run.Finished)}: {run.Checked} looked at, {run.Registered} registered, {run.WithMail} with mail servers, {run.Unknown} unknown."));
        foreach (var feed in feeds)
        {
            var state = feed.IsFailing ? $"failing: {feed.LastError}" : "good";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"Feed {feed.Name}: {feed.Names} names, {feed.Matches} look-alikes, {feed.Malformed} malformed, last event {Time(feed.LastEvent)}, {state}."));
        }
    }

    private static string ToJson(IReadOnlyList<WatchEntry> registered, WatchRun? run, IReadOnlyList<FeedStatus> feeds) => JsonSerializer.Serialize(
        new
        {
            Registered = registered.Select(entry => new
            {
                entry.Name.Domain,
                entry.Name.Target,
                entry.Name.Family,
                entry.Name.Likelihood,
                entry.Name.Resemblance,
                entry.State.RegisteredSince,
                entry.State.NameServers,
                entry.State.Mail,
                entry.State.Exchanges,
                entry.State.WildcardDns,
                entry.State.CatchAll,
                entry.State.LastChecked,
            }),
            LastRun = run,
            Feeds = feeds,
        },
        JsonOutput.Options);

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";
}
