using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Evtx;
using static Vigie.Tests.Formats.Evtx.EvtxWriter;

namespace Vigie.Tests.Formats.Evtx;

/// <summary>Templates and logs as Windows has them, and what a reader makes of them.</summary>
internal static class SomeLog
{
    public static readonly DateTime Time = new DateTime(2025, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddTicks(1234567);

    /// <summary>The frame of all events: <c>System</c>, and the provider's own data as nested XML.</summary>
    public static readonly Template Frame = new(0xA1, new Element("Event", new Attr("xmlns", new Text("http://schemas.microsoft.com/win/2004/08/events/event")),
        new Element("System",
            new Element("Provider", new Attr("Name", new Substitution(0, BinXmlType.String, true)), new Attr("Guid", new Substitution(1, BinXmlType.Guid, true))),
            new Element("EventID", new Attr("Qualifiers", new Substitution(2, BinXmlType.UInt16, true)), new Substitution(3, BinXmlType.UInt16)),
            new Element("Level", new Substitution(4, BinXmlType.UInt8)),
            new Element("Keywords", new Substitution(5, BinXmlType.HexInt64)),
            new Element("TimeCreated", new Attr("SystemTime", new Substitution(6, BinXmlType.FileTime))),
            new Element("EventRecordID", new Substitution(7, BinXmlType.UInt64)),
            new Element("Correlation"),
            new Element("Channel", new Text("Microsoft-Windows-Sysmon/Operational")),
            new Element("Computer", new Text("pc7.example.ml"))),
        new Substitution(8, BinXmlType.BinXml, true)));

    /// <summary>What a process creation says.</summary>
    public static readonly Template Process = new(0xB2, new Element("EventData",
        new Element("Data", new Attr("Name", new Text("ProcessId")), new Substitution(0, BinXmlType.UInt32)),
        new Element("Data", new Attr("Name", new Text("Image")), new Substitution(1, BinXmlType.String)),
        new Element("Data", new Attr("Name", new Text("CommandLine")), new Substitution(2, BinXmlType.String))));

    /// <summary>A log of so many process creations; each command line holds its number and so many letters.</summary>
    public static byte[] Processes(int count, int letters = 40)
    {
        var writer = new EvtxWriter();
        for (var i = 0; i < count; i++) AddProcess(writer, i, letters);
        return writer.ToFile();
    }

    public static void AddProcess(EvtxWriter writer, int number, int letters = 40) => writer.Add(Frame, FrameValues(1, number + 1,
        Value.Xml(Process, Value.UInt32((uint)(1000 + number)), Value.String($@"C:\tools\p{number}.exe"), Value.String($"run {number} {new string('x', letters)}"))));

    public static Value[] FrameValues(ushort eventId, int record, Value data) =>
    [
        Value.String("Microsoft-Windows-Sysmon"), Value.Null, Value.Null, Value.UInt16(eventId), Value.UInt8(4), Value.Hex64(0x8000000000000000),
        Value.Time(Time), Value.UInt64((ulong)record), data,
    ];

    /// <summary>Reads a content as a source would, in windows of so many bytes.</summary>
    public static Reading Read(byte[] content, int window = int.MaxValue, EventRecord? record = null)
    {
        record ??= new EventRecord(new FieldCatalog(EventFields.Always));
        var reader = new EvtxReader();
        var reading = new Reading([], [], []);
        var size = (int)Math.Min(window, content.Length);
        for (long at = 0, end = size, steps = 0; ; steps++)
        {
            Assert.True(steps < 1000 + (content.Length * 4L), "The reader makes no progress.");

            // The bytes lie elsewhere in the buffer each time, as in a source that drops what was consumed.
            var buffer = new byte[(end - at) + (at % 7)];
            content.AsSpan((int)at, (int)(end - at)).CopyTo(buffer.AsSpan((int)(at % 7)));
            var isFinal = end == content.Length;
            var result = new ReadResult(ReadStatus.NeedMore, 0);
            do
            {
                result = reader.Read(new LogWindow(buffer, (int)(at % 7), buffer.Length, at, isFinal), record);
                if (result.Diagnostic is { } diagnostic) reading.Diagnostics.Add(diagnostic);
                if (result.Status == ReadStatus.Event)
                {
                    reading.Events.Add(record.Capture());
                    reading.Raw.Add(record.Offset);
                }
                else if (result.Status == ReadStatus.Skipped)
                {
                    reading.Skipped++;
                }
            }
            while (result.Consumed == 0 && result.Status != ReadStatus.NeedMore);
            Assert.InRange(result.Consumed, 0, end - at);
            at += result.Consumed;
            if (result.Status != ReadStatus.NeedMore) continue;
            if (isFinal) return reading;
            end = Math.Min(content.Length, Math.Max(end + 1, at + Math.Max(size, end - at + 4096)));
        }
    }

    public static string? Of(this CapturedEvent captured, string name) =>
        captured.Named(name).Any() ? string.Join('|', captured.Named(name).Select(f => f.Value)) : null;

    /// <summary>What was read.</summary>
    internal sealed record Reading(List<CapturedEvent> Events, List<long> Raw, List<LogDiagnostic> Diagnostics)
    {
        public int Skipped { get; set; }

        public IEnumerable<string> Codes => Diagnostics.Select(d => d.Code);
    }
}
