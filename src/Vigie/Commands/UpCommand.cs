using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Vigie.Engine;
using Vigie.Commands.Sample;
using Vigie.Operations;
using Vigie.Watches.Logs;
using Vigie.Watches.Mail.Sample;

namespace Vigie.Commands;

/// <summary><c>vigie up</c>: runs the node until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var port = new Option<int?>("--port") { Description = "Port of the console, instead of that of console.listen (0: any free one).", HelpName = "PORT" }.Within(0, 65535);
        var sample = new Option<bool>("--sample") { Description = "Tell the story of samples/ through the real doors (milter, log files, syslog, HTTP, feed), once, so that the console has something to show." };
        var command = new Command("up", "Run the node: milter, console, health and metrics, until it is stopped.") { port, sample };
        options.AddTo(command);
        command.SetAction((result, token) => RunAsync(result, options, result.GetValue(port), result.GetValue(sample), token));
        return command.WithExamples(
            ("vigie up", "Run with ./vigie.yaml where it exists, else with defaults, data in ./data."),
            ("vigie up --settings /etc/vigie/vigie.yaml --data /var/lib/vigie", "Run as the installed service does."),
            ("vigie up --sample", "Also tell a day at a travel agency: mail, logs and new names."),
            ("vigie up --port 0 --data /tmp/try", "Try it beside another node; the port is printed and written to /tmp/try/run/endpoints.json."));
    }

    private static async Task<int> RunAsync(ParseResult result, SettingsOptions options, int? port, bool sample, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        if (port is { } chosen)
            settings = settings with { Console = settings.Console with { Listen = new IPEndPoint(settings.Console.Listen.Address, chosen) } };

        var output = result.InvocationConfiguration.Output;
        if (sample)
        {
            settings = SampleDay.Join(settings);
            await new SampleDay(settings.DataDirectory, TimeProvider.System).WriteAsync(token);
        }

        SocketThreads.Choose(settings.Store);
        await using var node = Node.Build(settings);
        try
        {
            await node.StartAndAnnounceAsync(token);
        }
        catch (ListenException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }

        await PrintAsync(node, Language.Of(result), output, token);
        if (sample) await TrySendSampleAsync(node, result, token);
        await node.WaitForShutdownAsync(token);
        return ExitCodes.Ok;
    }

    private static async Task PrintAsync(WebApplication node, string language, TextWriter output, CancellationToken token)
    {
        var endpoints = node.Services.GetRequiredService<NodeEndpoints>();
        var console = new Uri(endpoints.Of("console")[0]);
        List<ReadyLine> lines = [new(new Bilingual("Console", "Console"), console.ToString())];
        lines.AddRange(endpoints.Of("milter").Select(address => new ReadyLine(new Bilingual("Milter", "Milter"), address)));
        foreach (var notice in node.Services.GetServices<IReadyNotice>())
        {
            try
            {
                if (await notice.ReadAsync(console, token) is { } line) lines.Add(line);
            }
#pragma warning disable CA1031 // A notice is a courtesy; the node runs without it.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                node.Logger.ReadyNoticeFailed(e, notice.GetType().Name);
            }
        }

        await output.WriteLineAsync(new Bilingual("Vigie is ready. Stop it with Ctrl+C.", "Vigie est prête. Arrêt : Ctrl+C.").In(language));
        var width = lines.Max(l => l.Label.In(language).Length);
        foreach (var line in lines)
            await output.WriteLineAsync($"  {line.Label.In(language).PadRight(width)}  {line.Value}{(line.Note is { } note ? "  " + note.In(language) : "")}");
        await output.FlushAsync(token);
    }

    // The node runs without its sample.
    private static async Task TrySendSampleAsync(WebApplication node, ParseResult result, CancellationToken token)
    {
        try
        {
            await SendSampleAsync(node, Language.Of(result), result.InvocationConfiguration.Output, token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException or InvalidDataException)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(new Bilingual($"The sample could not be sent: {e.Message}", $"L'exemple n'a pas pu être envoyé : {e.Message}").In(Language.Of(result)));
        }
    }

    private static async Task SendSampleAsync(WebApplication node, string language, TextWriter output, CancellationToken token)
    {
        var services = node.Services;
        var milter = services.GetRequiredService<NodeEndpoints>().Of("milter")[0];
        var story = new SampleStory(services.GetRequiredService<Settings>().DataDirectory, services.GetRequiredService<TimeProvider>());
        var outcomes = await story.SendAsync(milter, SampleMessage.Folder, token);
        await new SampleDay(services.GetRequiredService<Settings>().DataDirectory, services.GetRequiredService<TimeProvider>()).SendAsync(services.GetRequiredService<NodeEndpoints>(), services.GetRequiredService<LogSources>(), token);
        if (outcomes.Count == 0)
        {
            await output.WriteLineAsync(new Bilingual("The sample was sent before; it is in the console.", "L'exemple a déjà été envoyé ; il est dans la console.").In(language));
            return;
        }

        await output.WriteLineAsync(new Bilingual($"\n{outcomes.Count} sample messages went through {milter}:", $"\n{outcomes.Count} messages d'exemple sont passés par {milter} :").In(language));
        foreach (var outcome in outcomes)
        {
            await output.WriteLineAsync($"  {Word(outcome).In(language),-9} {string.Join(", ", outcome.Message.Recipients)}");
            await output.WriteLineAsync($"            {outcome.Message.Shows.In(language)}");
            foreach (var (_, reply) in outcome.Refused) await output.WriteLineAsync($"            {reply.ReplaceLineEndings(" ")}");
        }

        await output.WriteLineAsync(new Bilingual("The logs of its day went in through files, syslog, HTTP and a feed. The console shows what belongs together, and why.", "Les journaux de sa journée sont entrés par des fichiers, syslog, HTTP et un flux. La console montre ce qui va ensemble, et pourquoi.").In(language));
    }

    private static Bilingual Word(SampleOutcome outcome) => outcome switch
    {
        { Passed: false } => new Bilingual("refused", "refusé"),
        { Held: true } => new Bilingual("held", "retenu"),
        { Refused.Count: > 0 } => new Bilingual("in part", "en partie"),
        _ => new Bilingual("delivered", "remis"),
    };
}
