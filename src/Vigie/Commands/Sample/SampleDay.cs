using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Domains.Feeds;
using Vigie.Watches.Logs;
using Vigie.Watches.Mail.Sample;

namespace Vigie.Commands.Sample;

/// <summary>
/// The part of the sample that does not come by mail: what computers, servers, gateway and cloud of the agency wrote down, and
/// a feed of new names (<c>samples/story</c>). All of it goes through the doors real logs take: files that are followed, syslog
/// over TCP, HTTP, a feed's file. The moment of the first start is kept, so that starting again tells the same story once.
/// </summary>
internal sealed class SampleDay(string dataDirectory, TimeProvider time)
{
    private const string Files = "sample-files";
    private const string Gateway = "sample-gateway";
    private const string Cloud = "sample-cloud";
    private const string Names = "sample-names";

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>The folder beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "samples", "story");

    private string Here => HereOf(dataDirectory);

    private string StartFile => Path.Combine(Here, "started.txt");

    /// <summary>The settings of a node that plays the story: its own settings, and the doors the story comes by.</summary>
    public static Settings Join(Settings settings)
    {
        var here = HereOf(settings.DataDirectory);
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        settings = SampleStory.Join(settings);
        return settings with
        {
            Logs = settings.Logs with
            {
                // The story is told at once; nobody wants to wait half a minute for its correlations.
                Lateness = settings.Logs.Sources.Count > 0 ? settings.Logs.Lateness : TimeSpan.FromSeconds(1),
                Sources =
                [
                    .. settings.Logs.Sources,
                    new LogSourceSettings { Name = Files, Kind = LogSourceKind.Files, Paths = [Path.Combine(here, "files")] },
                    new LogSourceSettings { Name = Gateway, Kind = LogSourceKind.SyslogTcp, Format = "syslog", Listen = loopback },
                    new LogSourceSettings { Name = Cloud, Kind = LogSourceKind.Http, Format = "json", Listen = loopback },
                ],
            },
            Domains = settings.Domains with
            {
                Feeds =
                [
                    .. settings.Domains.Feeds,
                    new FeedSettings { Name = Names, File = Path.Combine(here, "new-names.jsonl"), Format = FeedFormat.Ct, Interval = TimeSpan.FromSeconds(2) },
                ],
            },
        };
    }

    /// <summary>Writes the files of the story, unless they are there: the node's sources find them.</summary>
    /// <exception cref="IOException">The folder cannot be written to, or the sample does not lie beside the program.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        DataDirectory.Prepare(dataDirectory);
        Directory.CreateDirectory(Path.Combine(Here, "files"));
        var start = await StartAsync(cancellationToken);
        await WriteAsync(Path.Combine(Folder, "new-names.jsonl"), Here, start, cancellationToken);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folder, "files")).Order(StringComparer.Ordinal))
            await WriteAsync(file, Path.Combine(Here, "files"), start, cancellationToken);
    }

    /// <summary>Sends what comes over the network, unless it was sent before.</summary>
    /// <param name="endpoints">Where the node's sources listen; waited for.</param>
    /// <param name="sources">How far they are: correlations want what happened first first.</param>
    /// <param name="cancellationToken">Ends it; what was sent stays noted.</param>
    public async Task SendAsync(NodeEndpoints endpoints, LogSources sources, CancellationToken cancellationToken)
    {
        var start = await StartAsync(cancellationToken);
        var lines = Directory.EnumerateFiles(Path.Combine(Here, "files")).Sum(file => File.ReadLines(file).LongCount());
        await OnceAsync(
            "gateway.syslog",
            async text =>
            {
                await ReadAsync(sources, Files, lines, cancellationToken);
                await SyslogAsync(endpoints, text, cancellationToken);
                await ReadAsync(sources, Gateway, text.AsSpan().Count('\n'), cancellationToken);
            },
            start, cancellationToken);
        await OnceAsync("cloud.ndjson", text => BulkAsync(endpoints, text, cancellationToken), start, cancellationToken);
    }

    private static string HereOf(string dataDirectory) => Path.GetFullPath(Path.Combine(dataDirectory, "sample"));

    private async Task<DateTimeOffset> StartAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(StartFile) && DateTimeOffset.TryParse(await File.ReadAllTextAsync(StartFile, cancellationToken), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var known))
            return known;
        var now = time.GetUtcNow();
        await File.WriteAllTextAsync(StartFile, now.ToString("O", CultureInfo.InvariantCulture), cancellationToken);
        return now;
    }

    private static async Task WriteAsync(string from, string folder, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, Path.GetFileName(from));
        if (File.Exists(file)) return;
        // Beside it first: a file that is followed must not be seen half written and then be another.
        var half = Path.Combine(Path.GetDirectoryName(folder)!, Path.GetFileName(from) + ".new");
        await File.WriteAllTextAsync(half, SampleText.Render(await File.ReadAllTextAsync(from, cancellationToken), start), cancellationToken);
        File.Move(half, file);
    }

    private async Task OnceAsync(string name, Func<string, Task> send, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var note = Path.Combine(Here, name + ".sent");
        if (File.Exists(note)) return;
        await send(SampleText.Render(await File.ReadAllTextAsync(Path.Combine(Folder, name), cancellationToken), start));
        await File.WriteAllTextAsync(note, "", cancellationToken);
    }

    private async Task SyslogAsync(NodeEndpoints endpoints, string text, CancellationToken cancellationToken)
    {
        var address = await AddressAsync(endpoints, "logs." + Gateway, cancellationToken);
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address["tcp:".Length..]), cancellationToken);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private async Task BulkAsync(NodeEndpoints endpoints, string text, CancellationToken cancellationToken)
    {
        var address = await AddressAsync(endpoints, "logs." + Cloud, cancellationToken);
        var body = string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "{\"create\":{}}\n" + line + "\n"));
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri($"{address}/_bulk"), content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    // A source that fails is told elsewhere; the rest of the story is sent all the same.
    private async Task ReadAsync(LogSources sources, string name, long events, CancellationToken cancellationToken)
    {
        var source = sources.States.Single(state => state.Name == name);
        for (var until = time.GetUtcNow() + LongestWait; source.Status.Events < events && time.GetUtcNow() < until;)
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
    }

    private async Task<string> AddressAsync(NodeEndpoints endpoints, string name, CancellationToken cancellationToken)
    {
        for (var until = time.GetUtcNow() + LongestWait; time.GetUtcNow() < until;)
        {
            if (endpoints.Of(name) is [var address, ..]) return address;
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }

        throw new IOException($"{name} does not listen.");
    }
}
