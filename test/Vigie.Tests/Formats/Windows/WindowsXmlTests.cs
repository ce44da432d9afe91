using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Tests.Formats.Windows;

public sealed class WindowsXmlTests
{
    private const string Namespace = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'";

    private const string Process = $"<Event {Namespace}><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{{5770385f-c22a-43e0-bf4c-06f5698ffbd9}}'/><EventID>1</EventID><Level>4</Level>"
        + "<TimeCreated SystemTime='2025-03-04T05:06:07.1234567Z'/><EventRecordID>88</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='8'/>"
        + "<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>pc7.example.ml</Computer><Security UserID='S-1-5-18'/></System>"
        + @"<EventData><Data Name='Image'>C:\tools\a&amp;b.exe</Data><Data Name='CommandLine'>echo &quot;&#233;&#x1F600;&quot; &lt;x&gt; &other;</Data><Data Name='RuleName'></Data><Data Name='Company'/></EventData></Event>";

    [Fact]
    public void An_event_has_the_fields_of_its_binary_form()
    {
        var e = Assert.Single(Read(Process).Events);
        Assert.Equal(new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero).AddTicks(1234567), e.Time);
        Assert.Equal(["process_creation"], e.Class.Categories);
        string[] expected =
        [
            "Provider_Name=Microsoft-Windows-Sysmon", "Provider_Guid={5770385f-c22a-43e0-bf4c-06f5698ffbd9}", "EventID=1", "Level=4", "TimeCreated=2025-03-04T05:06:07.1234567Z", "EventRecordID=88", "Correlation=",
            "Execution_ProcessID=4", "Execution_ThreadID=8", "Channel=Microsoft-Windows-Sysmon/Operational", "Computer=pc7.example.ml", "Security_UserID=S-1-5-18",
            @"Image=C:\tools\a&b.exe", "CommandLine=echo \"é\ud83d\ude00\" <x> &other;", "RuleName=", "Company=",
        ];
        Assert.Equal(expected, e.Fields.Select(f => $"{f.Name}={f.Value}"));
        Assert.Equal(FieldKind.String, e.Named("RuleName").Single().Kind);
        Assert.Equal(FieldKind.String, e.Named("Company").Single().Kind);
        Assert.Equal(FieldKind.Null, e.Named("Correlation").Single().Kind);
    }

    [Theory]
    [InlineData("{0}{0}{0}")]
    [InlineData("{0}\r\n{0}\r\n{0}\r\n")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>\r\n{0}\r\n{0}{0}</Events>")]
    [InlineData("some words {0} <EventData/> {0} more {0}")]
    public void Events_follow_each_other_in_any_way(string layout)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, layout, Process);
        foreach (var window in new[] { 1, 100, 5000, int.MaxValue })
        {
            var reading = Read(text, window);
            Assert.Equal(3, reading.Events.Count);
            Assert.Empty(reading.Diagnostics);
        }
    }

    [Fact]
    public void Sections_of_character_data_and_comments_are_read_as_XML_says()
    {
        var e = Assert.Single(Read($"<Event {Namespace}><System><EventID Qualifiers='0'>7</EventID><Channel>System</Channel></System><UserData><X xmlns='urn:y'><A>1<!-- no -->2<![CDATA[<&]]>3</A><B c='d'/></X></UserData></Event>").Events);
        Assert.Equal("12<&3", e.Named("A").Single().Value);
        Assert.Equal("d", e.Named("B_c").Single().Value);
        Assert.Equal("0", e.Named("EventID_Qualifiers").Single().Value);
        Assert.Equal(["system"], e.Class.Services);
        Assert.DoesNotContain(e.Fields, f => f.Value == "urn:y");
    }

    [Fact]
    public void Unnamed_data_is_one_field_with_several_values_and_the_rendered_message_is_there()
    {
        var e = Assert.Single(Read($"<Event {Namespace}><System><EventID>400</EventID><Level>4</Level><Channel>Windows PowerShell</Channel></System><EventData><Data>Available</Data><Data>\r\n\tHostApplication=powershell -nop\r\n</Data></EventData>"
            + "<RenderingInfo Culture='fr-FR'><Message>Le moteur</Message><Level>Information</Level></RenderingInfo></Event>").Events);
        Assert.Equal(["Available", "\r\n\tHostApplication=powershell -nop\r\n"], e.Named("Data").Select(f => f.Value));
        Assert.Equal(("4", "Information"), (e.Named("Level").Single().Value, e.Named("RenderingInfo_Level").Single().Value));
        Assert.Equal("Le moteur", e.Named("Message").Single().Value);
    }

    [Fact]
    public void A_document_type_and_its_entities_are_not_followed()
    {
        var bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + Process.Replace("&other;", "&b;", StringComparison.Ordinal);
        Assert.EndsWith("&b;", Assert.Single(Read(bomb).Events).Named("CommandLine").Single().Value, StringComparison.Ordinal);
        Assert.Equal(["xml.malformed"], Read(Process.Replace("<EventData>", "<!DOCTYPE x><EventData>", StringComparison.Ordinal)).Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void An_event_cut_off_is_skipped_and_the_next_is_read()
    {
        var reading = Read(Process[..300] + Process + Process[..200]);
        Assert.Single(reading.Events);
        Assert.Equal(["xml.unterminated", "xml.unterminated"], reading.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Deep_nesting_is_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 10_000));
        var reading = Read($"<Event {Namespace}><System><EventID>1</EventID></System>{deep}</Event>");
        Assert.Single(reading.Events);
        Assert.Equal(["xml.malformed"], reading.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void A_record_of_Sysmon_for_Linux_is_read_out_of_its_line()
    {
        var line = "Mar  4 05:06:07 srv sysmon: <Event><System><Provider Name=\"Linux-Sysmon\" Guid=\"{ff032593-a8d3-4f13-b0d6-01fc615a0f97}\"/><EventID>1</EventID><TimeCreated SystemTime=\"2025-03-04T05:06:07.123456000Z\"/>"
            + "<Channel>Linux-Sysmon/Operational</Channel><Computer>srv</Computer></System><EventData><Data Name=\"Image\">/usr/bin/curl</Data><Data Name=\"User\">root</Data></EventData></Event>";
        var bytes = Encoding.UTF8.GetBytes(line);
        var record = new EventRecord(new FieldCatalog([.. EventFields.Always, "Image"]));
        record.Begin(bytes, 0, bytes.Length);
        var start = line.IndexOf("<Event>", StringComparison.Ordinal);
        Assert.True(new WindowsXml().Read(record, bytes, start, bytes.Length - start));
        Assert.Equal(["linux"], record.Class.Products);
        Assert.Equal(["process_creation"], record.Class.Categories);
        Assert.Equal("/usr/bin/curl", record.Text(record.First(record.Catalog.SlotOf("Image"))));
        Assert.Equal(new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero).AddTicks(1234560), record.Time);
    }

    [Fact]
    public void Reading_allocates_nothing_per_event()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Process, 200)));
        var record = new EventRecord(new FieldCatalog([.. EventFields.Always, "Image", "CommandLine"]));
        var reader = new WindowsXmlReader();
        var events = Pass(reader, content, record) + Pass(reader, content, record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        events += Pass(reader, content, record);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Equal(600, events);

        static int Pass(WindowsXmlReader reader, byte[] content, EventRecord record)
        {
            var events = 0;
            for (var at = 0; ;)
            {
                var result = reader.Read(new LogWindow(content, at, content.Length, at, true), record);
                at += result.Consumed;
                if (result.Status == ReadStatus.NeedMore || result.Consumed == 0) return events;
                if (result.Status == ReadStatus.Event) events++;
            }
        }
    }

    [Fact]
    public void Damage_neither_throws_nor_stops_the_reader()
    {
        var random = new Random(5);
        const string Alphabet = "<>/&;'\"=![]- \r\nEvent";
        var original = string.Concat(Enumerable.Repeat(Process, 3));
        for (var round = 0; round < 2000; round++)
        {
            var text = new StringBuilder(original);
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0: text[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                    case 1: text.Remove(at, Math.Min(text.Length - at, random.Next(1, 200))); break;
                    default: text.Insert(at, original.AsSpan(random.Next(original.Length - 50), random.Next(50))); break;
                }
            }

            Assert.InRange(Read(text.ToString(), random.Next(2) == 0 ? int.MaxValue : random.Next(1, 700)).Events.Count, 0, 20);
        }
    }

    [Theory]
    [InlineData($"<Event {Namespace}>", 95)]
    [InlineData($"\uFEFF<?xml version='1.0'?>\n<Events><Event {Namespace}>", 95)]
    [InlineData("<Events><Event>", 80)]
    [InlineData("<html>", 0)]
    [InlineData("{}", 0)]
    public void The_format_is_recognized(string head, int sureness) => Assert.Equal(sureness, new WindowsXmlFormat().Recognize(Encoding.UTF8.GetBytes(head), "x"));

    private static (List<CapturedEvent> Events, List<LogDiagnostic> Diagnostics) Read(string text, int window = int.MaxValue)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var record = new EventRecord(new FieldCatalog(EventFields.Always));
        var reader = new WindowsXmlReader();
        var (events, diagnostics) = (new List<CapturedEvent>(), new List<LogDiagnostic>());
        int at = 0, end = Math.Min(window, content.Length);
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 100 + (content.Length * 2), "The reader makes no progress.");
            var result = reader.Read(new LogWindow(content, at, end, at, end == content.Length), record);
            Assert.InRange(result.Consumed, 0, end - at);
            at += result.Consumed;
            if (result.Diagnostic is { } diagnostic) diagnostics.Add(diagnostic);
            if (result.Status == ReadStatus.Event) events.Add(record.Capture());
            if (result.Status != ReadStatus.NeedMore) continue;
            if (end == content.Length) return (events, diagnostics);
            end = (int)Math.Min(content.Length, end + (long)Math.Max(1, Math.Min(window, content.Length)));
        }
    }
}
