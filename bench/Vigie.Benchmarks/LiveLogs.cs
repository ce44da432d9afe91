using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Vigie.Benchmarks;

/// <summary>
/// Sends events to a node at a steady rate, half of them over HTTP, half as syslog over TCP, then asks its store what was
/// found: every hundredth event is one that a rule looks for, and says which one it is. Started by
/// <c>bench/peers/live-logs.sh</c>, which starts the node.
/// </summary>
internal sealed partial class LiveLogs
{
    private const int MarkedEvery = 100;
    private const int HttpBatch = 400;

    private readonly Dictionary<string, string> _options;
    private readonly byte[][] _templates;
    private long _next;
    private long _sentHttp;
    private long _sentTcp;
    private long _again;

    private LiveLogs(Dictionary<string, string> options)
    {
        _options = options;
        _templates = [.. Templates().Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Runs; 0 when nothing was lost or doubled, the rate was held and the delay within its bound.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = args.Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
        return await new LiveLogs(options).RunAsync();
    }

    private async Task<int> RunAsync()
    {
        var rate = Number("rate");
        var seconds = Number("seconds");
        using var node = Process.GetProcessById((int)Number("node"));
        var nodeBefore = node.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(SendHttpAsync(rate / 2, seconds, clock), SendTcpAsync(rate - rate / 2, seconds, clock));
        var sending = clock.Elapsed;
        var (own, nodes) = (Process.GetCurrentProcess().TotalProcessorTime, node.TotalProcessorTime - nodeBefore);
        var expected = (Interlocked.Read(ref _next) + MarkedEvery - 1) / MarkedEvery;
        var (found, doubled, p50, p99, worst) = await FoundAsync(expected);
        node.Refresh();
        var sent = _sentHttp + _sentTcp;
        Say($"events sent           {sent} in {sending.TotalSeconds:0.0} s: {sent / sending.TotalSeconds:0} /s ({_sentHttp} over HTTP, {_sentTcp} over TCP)");
        Say($"findings expected     {expected}; found {found}; lost {expected - found}; doubled {doubled}");
        Say($"event to finding      p50 {p50} ms, p99 {p99} ms, worst {worst} ms");
        Say($"requests sent again   {_again} (429 or 503)");
        Say($"processor             node {nodes.TotalSeconds / sending.TotalSeconds * 100:0} % of one core, generator {own.TotalSeconds / sending.TotalSeconds * 100:0} %; {Environment.ProcessorCount} cores");
        Say($"memory of the node    {node.WorkingSet64 / 1_000_000} MB");
        return found == expected && doubled == 0 && p99 <= 1000 && sent / sending.TotalSeconds >= rate * 0.98 ? 0 : 1;
    }

    private async Task SendHttpAsync(long rate, long seconds, Stopwatch clock)
    {
        using var http = new HttpClient();
        var until = TimeSpan.FromSeconds(seconds);
        // Several senders, as there are several machines; each waits for its receipt.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var body = new MemoryStream();
            while (clock.Elapsed < until)
            {
                await PaceAsync(clock, Interlocked.Add(ref _sentHttp, HttpBatch) - HttpBatch, rate);
                body.SetLength(0);
                for (var i = 0; i < HttpBatch; i++)
                {
                    body.Write("{\"create\":{}}\n"u8);
                    WriteEvent(body);
                }

                while (!await PostAsync(http, body))
                {
                    Interlocked.Increment(ref _again);
                    await Task.Delay(100);
                }
            }
        }));
    }

    private async Task<bool> PostAsync(HttpClient http, MemoryStream body)
    {
        using var content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await http.PostAsync(new Uri($"{_options["http"]}/_bulk"), content);
        return answer.IsSuccessStatusCode;
    }

    private async Task SendTcpAsync(long rate, long seconds, Stopwatch clock)
    {
        const int batch = 100;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(_options["tcp"]));
        var until = TimeSpan.FromSeconds(seconds);
        var lines = new MemoryStream();
        while (clock.Elapsed < until)
        {
            await PaceAsync(clock, _sentTcp, rate);
            lines.SetLength(0);
            for (var i = 0; i < batch; i++) WriteEvent(lines);
            var rest = lines.GetBuffer().AsMemory(0, (int)lines.Length);
            while (!rest.IsEmpty) rest = rest[await socket.SendAsync(rest)..];
            _sentTcp += batch;
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    // Late senders do not wait; early ones wait until their turn.
    private static async Task PaceAsync(Stopwatch clock, long sent, long rate)
    {
        var early = TimeSpan.FromSeconds((double)sent / rate) - clock.Elapsed;
        if (early > TimeSpan.FromMilliseconds(1)) await Task.Delay(early);
    }

    private void WriteEvent(MemoryStream target)
    {
        var number = Interlocked.Increment(ref _next) - 1;
        target.Write("{\"@timestamp\":\""u8);
        Span<byte> text = stackalloc byte[40];
        DateTime.UtcNow.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        target.Write(text[..length]);
        target.Write("\",\"EventRecordID\":"u8);
        number.TryFormat(text, out length, provider: CultureInfo.InvariantCulture);
        target.Write(text[..length]);
        if (number % MarkedEvery == 0)
        {
            target.Write(",\"ParentCommandLine\":\"live-mark-"u8);
            target.Write(text[..length]);
            target.Write("\""u8);
        }

        target.Write(_templates[number % _templates.Length]);
    }

    private async Task<(long Found, long Doubled, long P50, long P99, long Worst)> FoundAsync(long expected)
    {
        await using var store = new SqliteConnection($"Data Source={_options["store"]};Mode=ReadOnly");
        await store.OpenAsync();
        var rows = new List<(string Mark, long Delay)>();
        for (var wait = 0; wait < 60 && rows.Count < expected; wait++)
        {
            await Task.Delay(500);
            rows.Clear();
            await using var command = store.CreateCommand();
            command.CommandText = "SELECT e.copy, f.saved_at - f.first_seen FROM finding f JOIN finding_evidence e ON e.finding_id = f.id WHERE f.rule = $rule";
            command.Parameters.AddWithValue("$rule", _options["rule"]);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) rows.Add((Mark().Match(reader.GetString(0)).Value, reader.GetInt64(1)));
        }

        var different = rows.Select(row => row.Mark).Distinct(StringComparer.Ordinal).Count();
        var delays = rows.Select(row => row.Delay).Order().ToArray();
        return delays.Length == 0 ? (0, 0, 0, 0, 0) : (different, rows.Count - different, delays[delays.Length / 2], delays[delays.Length * 99 / 100], delays[^1]);
    }

    // What a busy Windows machine logs, of about the usual size; nothing in it is known to any rule, names of system programs in
    // other folders would be.
    private static IEnumerable<string> Templates()
    {
        string[] programs = ["writer", "planner", "mailer", "viewer", "ledger", "archive", "calendar", "browser"];
        foreach (var (program, i) in programs.Select((program, i) => (program, i)))
        {
            yield return $$"""
                ,"Channel":"Microsoft-Windows-Sysmon/Operational","Provider_Name":"Microsoft-Windows-Sysmon","EventID":1,"Level":4,"Task":1,"Keywords":"0x8000000000000000","Computer":"WS{{i:000}}.corp.example","ProcessGuid":"{8fe05a7e-0000-68fa-0000-{{i:000000000000}}}","ProcessId":{{4000 + i}},"Image":"C:\\Program Files\\Example\\{{program}}.exe","FileVersion":"10.0.22621.1 (WinBuild.160101.0800)","Description":"{{program}} of the example suite","Product":"Example Suite for offices","Company":"Example Company","OriginalFileName":"{{program}}.exe","CommandLine":"\"C:\\Program Files\\Example\\{{program}}.exe\" /open \"C:\\Users\\someone\\Documents\\report {{i}} of the third quarter.docx\" /quiet /log:none","CurrentDirectory":"C:\\Users\\someone\\Documents\\","User":"CORP\\someone{{i}}","LogonGuid":"{8fe05a7e-1111-68fa-1111-000000000000}","LogonId":"0x3e7{{i}}","TerminalSessionId":1,"IntegrityLevel":"Medium","Hashes":"SHA1=5BA93C9DB0CFF93F52B521D7420E43F6EDA2784F,MD5=B1D5781111D84F7B3FE45A0852E59758,SHA256=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855,IMPHASH=F34D5F2D4577ED6D9CEEC516C1F5A744","ParentProcessGuid":"{8fe05a7e-2222-68fa-2222-000000000000}","ParentProcessId":{{900 + i}},"ParentImage":"C:\\Program Files\\Example\\launcher.exe","ParentUser":"CORP\\someone{{i}}"}

                """.ReplaceLineEndings("\n");
        }
    }

    private long Number(string name) => long.Parse(_options[name], CultureInfo.InvariantCulture);

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex("live-mark-[0-9]+")]
    private static partial Regex Mark();
}
