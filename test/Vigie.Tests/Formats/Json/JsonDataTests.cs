using System.IO.Compression;
using System.Text.Json;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Evtx;
using Vigie.Engine.Formats.Json;

namespace Vigie.Tests.Formats.Json;

/// <summary>Real logs: what is in them is read, all of it.</summary>
public sealed class JsonDataTests
{
    // Written by the tool that made the JSON out of the log, or about the document rather than the event.
    private static readonly HashSet<string> OfTheDocument = new(StringComparer.Ordinal) { "xmlns" };

    [Fact]
    public void Every_line_of_the_recorded_attacks_is_an_event_of_a_known_kind()
    {
        foreach (var file in Directory.EnumerateFiles(ExternalData.Require("logs/mordor"), "*.json.gz"))
        {
            var bytes = Unpack(file);
            var read = Read(bytes, out var diagnostics);
            Assert.Empty(diagnostics);
            Assert.Equal(Lines(bytes), read.Count);
            Assert.DoesNotContain(read, e => e.Class == EventClass.Unknown || e.Time is null);
        }
    }

    [Fact]
    public void Every_record_of_the_cloud_trails_is_an_event()
    {
        foreach (var file in Directory.EnumerateFiles(ExternalData.Require("logs/cloudtrail"), "*.json"))
        {
            var bytes = File.ReadAllBytes(file);
            using var document = JsonDocument.Parse(bytes);
            var read = Read(bytes, out var diagnostics);
            Assert.Empty(diagnostics);
            Assert.Equal(document.RootElement.GetProperty("Records").GetArrayLength(), read.Count);
            Assert.All(read, e => Assert.True(e.Class.Covers(new LogSource("aws", null, "cloudtrail")) && e.Time is not null));
        }
    }

    [Fact]
    public void Events_in_json_have_the_fields_that_they_have_in_the_event_log()
    {
        var compared = 0;
        foreach (var file in Directory.EnumerateFiles(ExternalData.Require("sigma/regression_data"), "*.json", SearchOption.AllDirectories))
        {
            var log = Path.ChangeExtension(file, ".evtx");
            if (!File.Exists(log)) continue;
            var json = Read(File.ReadAllBytes(file), out var diagnostics);
            var evtx = ReadWith(new EvtxFormat().Open(new LogReaderOptions()), File.ReadAllBytes(log), out _);
            Assert.Empty(diagnostics);
            foreach (var e in json)
            {
                var id = Value(e, "EventRecordID");
                var same = evtx.Where(o => Value(o, "EventRecordID") == id && Value(o, "Channel") == Value(e, "Channel")).ToList();
                if (same.Count != 1) continue;
                compared++;
                Assert.Equal(same[0].Class, e.Class);
                // The tool that wrote the JSON cut off what is below a microsecond.
                Assert.Equal(same[0].Time!.Value.Ticks / 10, e.Time!.Value.Ticks / 10);
                Assert.True(Names(same[0]).SetEquals(Names(e)), $"{file}: {string.Join(' ', Names(same[0]).Except(Names(e)))} | {string.Join(' ', Names(e).Except(Names(same[0])))}");
                // It also cut blanks off the ends of values.
                foreach (var name in (string[])["Channel", "EventID", "Computer", "Image", "CommandLine", "TargetObject", "Provider_Name"]) Assert.Equal(Value(same[0], name)?.TrimEnd(), Value(e, name)?.TrimEnd());
            }
        }

        Assert.True(compared >= 90, $"only {compared} events could be compared");
    }

    private static string? Value(CapturedEvent e, string name) => e.Named(name).Select(f => f.Value).FirstOrDefault();

    private static SortedSet<string> Names(CapturedEvent e) =>
        new(e.Fields.Where(f => f.Value.Length > 0 && !OfTheDocument.Contains(f.Name)).Select(f => f.Name), StringComparer.Ordinal);

    private static List<CapturedEvent> Read(byte[] bytes, out List<LogDiagnostic> diagnostics) => ReadWith(new JsonReader(new LogReaderOptions()), bytes, out diagnostics);

    private static List<CapturedEvent> ReadWith(LogReader reader, byte[] bytes, out List<LogDiagnostic> diagnostics)
    {
        var record = new EventRecord(new FieldCatalog(EventFields.Always));
        var events = new List<CapturedEvent>();
        diagnostics = [];
        for (var at = 0; ;)
        {
            var result = reader.Read(new LogWindow(bytes, at, bytes.Length, at, true), record);
            at += result.Consumed;
            if (result.Diagnostic is { } diagnostic) diagnostics.Add(diagnostic);
            if (result.Status == ReadStatus.Event) events.Add(record.Capture());
            if (result.Status == ReadStatus.NeedMore) return events;
        }
    }

    private static int Lines(byte[] bytes)
    {
        var lines = 0;
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
        {
            if (bytes.AsSpan()[range].Trim("\r\n "u8).Length > 0) lines++;
        }

        return lines;
    }

    private static byte[] Unpack(string file)
    {
        using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
