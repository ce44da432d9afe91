using System.Buffers.Binary;
using System.Text;
using Vigie.Commands.Eval;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Evtx;
using static Vigie.Tests.Formats.Evtx.EvtxWriter;

namespace Vigie.Tests.Formats.Evtx;

public sealed class EvtxReaderTests
{
    [Fact]
    public void An_event_has_the_fields_of_its_system_and_its_data()
    {
        var e = Assert.Single(SomeLog.Read(SomeLog.Processes(1)).Events);
        Assert.Equal(new DateTimeOffset(SomeLog.Time), e.Time);
        Assert.Equal(["sysmon"], e.Class.Services);
        Assert.Equal(["process_creation"], e.Class.Categories);
        string[] expected =
        [
            "Provider_Name=Microsoft-Windows-Sysmon", "EventID=1", "Level=4", "Keywords=0x8000000000000000", "TimeCreated=2025-03-04T05:06:07.1234567Z", "EventRecordID=1", "Correlation=",
            "Channel=Microsoft-Windows-Sysmon/Operational", "Computer=pc7.example.ml",
            "ProcessId=1000", @"Image=C:\tools\p0.exe", $"CommandLine=run 0 {new string('x', 40)}",
        ];
        Assert.Equal(expected, e.Fields.Select(f => $"{f.Name}={f.Value}"));
        Assert.Equal(FieldKind.Null, e.Named("Correlation").Single().Kind);
        Assert.Equal(FieldKind.Number, e.Named("EventID").Single().Kind);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(70_000)]
    public void Events_of_several_chunks_are_read_in_order_whatever_the_windows(int window)
    {
        var content = SomeLog.Processes(600);
        Assert.True(content.Length > 3 * EvtxChunk.Size);
        var reading = SomeLog.Read(content, window);
        Assert.Equal(Enumerable.Range(1, 600).Select(i => $"{i}"), reading.Events.Select(e => e.Of("EventRecordID")));
        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"{1000 + i}"), reading.Events.Select(e => e.Of("ProcessId")));
        Assert.Empty(reading.Diagnostics);
        foreach (var offset in reading.Raw) Assert.Equal("2A2A0000", Convert.ToHexString(content.AsSpan((int)offset, 4)));
    }

    [Theory]
    [InlineData(BinXmlType.Int8, "F6", "-10")]
    [InlineData(BinXmlType.UInt8, "F6", "246")]
    [InlineData(BinXmlType.Int16, "F6FF", "-10")]
    [InlineData(BinXmlType.UInt16, "BB01", "443")]
    [InlineData(BinXmlType.Int32, "00000080", "-2147483648")]
    [InlineData(BinXmlType.UInt32, "FFFFFFFF", "4294967295")]
    [InlineData(BinXmlType.Int64, "FFFFFFFFFFFFFFFF", "-1")]
    [InlineData(BinXmlType.UInt64, "FFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData(BinXmlType.Real32, "0000C03F", "1.5")]
    [InlineData(BinXmlType.Real64, "000000000000F8BF", "-1.5")]
    [InlineData(BinXmlType.Bool, "01000000", "true")]
    [InlineData(BinXmlType.Bool, "00000000", "false")]
    [InlineData(BinXmlType.Binary, "DEADBEEF00", "DEADBEEF00")]
    [InlineData(BinXmlType.Guid, "33221100554477668899AABBCCDDEEFF", "{00112233-4455-6677-8899-aabbccddeeff}")]
    [InlineData(BinXmlType.SizeT, "E7030000", "0x3e7")]
    [InlineData(BinXmlType.SizeT, "E703000001000000", "0x1000003e7")]
    [InlineData(BinXmlType.FileTime, "00803ED5DEB19D01", "1970-01-01T00:00:00.0000000Z")]
    [InlineData(BinXmlType.SystemTime, "E907030002000400050006000700E803", "E907030002000400050006000700E803")]
    [InlineData(BinXmlType.SystemTime, "E9070300020004000500060007007B00", "2025-03-04T05:06:07.1230000Z")]
    [InlineData(BinXmlType.Sid, "010100000000000512000000", "S-1-5-18")]
    [InlineData(BinXmlType.Sid, "0105000000000005150000000100000002000000030000005004", "0105000000000005150000000100000002000000030000005004")]
    [InlineData(BinXmlType.Sid, "010500000000000515000000010000000200000003000000F4010000", "S-1-5-21-1-2-3-500")]
    [InlineData(BinXmlType.HexInt32, "E7030000", "0x3e7")]
    [InlineData(BinXmlType.HexInt64, "0000000000002080", "0x8020000000000000")]
    [InlineData(BinXmlType.AnsiString, "E974E9809900", "\u00e9t\u00e9\u20ac\u2122")]
    [InlineData(BinXmlType.String, "4100E9003DD800DE", "A\u00e9\ud83d\ude00")]
    [InlineData(BinXmlType.String, "41000000", "A")]
    [InlineData(BinXmlType.String, "", "")]
    [InlineData(BinXmlType.UInt32 | BinXmlType.Array, "0100000002000000", "1|2")]
    [InlineData(BinXmlType.UInt16 | BinXmlType.Array, "010002", "1|02")]
    [InlineData(BinXmlType.AnsiString | BinXmlType.Array, "410042430000", "A|BC|")]
    [InlineData(BinXmlType.Sid | BinXmlType.Array, "010100000000000512000000010100000000000513000000", "S-1-5-18|S-1-5-19")]
    [InlineData(BinXmlType.UInt32, "0102", "0102")]
    [InlineData(0x7F, "0102", "0102")]
    public void Every_type_of_value_is_written_as_Windows_writes_it(byte type, string hex, string expected) =>
        Assert.Equal(expected, ReadValue(Value.Of(type, Convert.FromHexString(hex))).Of("X"));

    [Fact]
    public void A_value_that_is_null_and_one_that_is_empty_are_told_apart()
    {
        Assert.Equal(FieldKind.Null, ReadValue(Value.Null).Named("X").Single().Kind);
        Assert.Equal(FieldKind.Null, ReadValue(Value.Of(BinXmlType.UInt32, [])).Named("X").Single().Kind);
        Assert.Equal(FieldKind.String, ReadValue(Value.String("")).Named("X").Single().Kind);
    }

    [Fact]
    public void An_array_of_strings_repeats_its_element()
    {
        var data = new Template(0xC3, new Element("EventData", new Element("Data", new Substitution(0, BinXmlType.String | BinXmlType.Array)), new Element("Binary", new Substitution(1, BinXmlType.Binary))));
        var e = ReadData(Value.Xml(data, Value.Strings("one", "", "three"), Value.Of(BinXmlType.Binary, [0xAB])));
        Assert.Equal(["one", "", "three"], e.Named("Data").Select(f => f.Value));
        Assert.Equal("AB", e.Of("Binary"));
    }

    [Fact]
    public void Text_of_several_pieces_is_one_value()
    {
        var data = new Template(0xC4, new Element("EventData", new Element("Data", new Attr("Name", new Text("X")),
            new Text("a "), new Substitution(0, BinXmlType.UInt32), new EntityReference("amp"), new CharacterReference('é'), new Cdata("<b>"), new Substitution(1, BinXmlType.String), new EntityReference("unknown"))));
        Assert.Equal("a 7&é<b>ü\uFFFD", ReadData(Value.Xml(data, Value.UInt32(7), Value.String("ü"))).Of("X"));
    }

    [Fact]
    public void Data_may_be_named_by_a_value()
    {
        var data = new Template(0xC5, new Element("EventData", new Element("Data", new Attr("Name", new Substitution(0, BinXmlType.String)), new Substitution(1, BinXmlType.String))));
        Assert.Equal("v", ReadData(Value.Xml(data, Value.String("Threat Name"), Value.String("v"))).Of("Threat Name"));
    }

    [Fact]
    public void The_elements_of_user_data_have_their_own_names()
    {
        var data = new Template(0xC6, new Element("UserData", new Element("LogFileCleared", new Attr("xmlns:auto-ns3", new Text("urn:x")), new Attr("xmlns", new Text("urn:y")),
            new Element("SubjectUserName", new Substitution(0, BinXmlType.String)), new Element("Channel", new Text("Security")),
            new Element("Certificate", new Attr("subjectName", new Substitution(1, BinXmlType.String))))));
        var e = ReadData(Value.Xml(data, Value.String("awa"), Value.String("CN=x")));
        Assert.Equal("awa", e.Of("SubjectUserName"));
        Assert.Equal("Microsoft-Windows-Sysmon/Operational|Security", e.Of("Channel"));
        Assert.Equal("CN=x", e.Of("Certificate_subjectName"));
        Assert.DoesNotContain(e.Fields, f => f.Value.StartsWith("urn:", StringComparison.Ordinal));
    }

    [Fact]
    public void Elements_need_no_template()
    {
        var inValue = ReadData(Value.Elements(new Element("EventData", new Element("Data", new Attr("Name", new Text("X")), new Text("here")))));
        Assert.Equal("here", inValue.Of("X"));
        var root = new Element("Event", new Element("System", new Element("EventID", new Text("7")), new Element("Channel", new Text("System"))), new Element("EventData", new Element("Data", new Text("one"))));
        var inRecord = Assert.Single(SomeLog.Read(new EvtxWriter().AddElements(root).ToFile()).Events);
        Assert.Equal(("7", "System", "one"), (inRecord.Of("EventID"), inRecord.Of("Channel"), inRecord.Of("Data")));
        Assert.Equal(new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero), inRecord.Time);
    }

    [Fact]
    public void What_a_collector_rendered_does_not_hide_what_the_source_wrote()
    {
        var rendered = new Element("RenderingInfo", new Attr("Culture", new Text("fr-FR")), new Element("Message", new Text("Une session")), new Element("Level", new Text("Information")));
        var root = new Element("Event", new Element("System", new Element("EventID", new Text("4624")), new Element("Level", new Text("0")), new Element("Channel", new Text("Security"))), rendered);
        var e = Assert.Single(SomeLog.Read(new EvtxWriter().AddElements(root).ToFile()).Events);
        Assert.Equal(("0", "Information", "Une session"), (e.Of("Level"), e.Of("RenderingInfo_Level"), e.Of("Message")));
    }

    [Fact]
    public void The_file_header_is_believed_in_nothing()
    {
        var content = SomeLog.Processes(300);
        content.AsSpan(0, 4096).Fill(0xEE);
        var reading = SomeLog.Read(content);
        Assert.Equal(300, reading.Events.Count);
        Assert.Contains("evtx.chunk-missing", reading.Codes);

        var part = SomeLog.Read(content[4096..]);
        Assert.Equal(300, part.Events.Count);
        Assert.Empty(part.Diagnostics);
    }

    [Fact]
    public void A_dirty_file_is_read_to_its_end()
    {
        var writer = new EvtxWriter();
        for (var i = 0; i < 10; i++) SomeLog.AddProcess(writer, i);
        var reading = SomeLog.Read(writer.ToFile(flags: 1));
        Assert.Equal(10, reading.Events.Count);
        Assert.Equal(["evtx.dirty"], reading.Codes);
    }

    [Fact]
    public void Wrong_checksums_are_told_and_the_records_read()
    {
        var content = SomeLog.Processes(20);
        var at = Encoding.Unicode.GetBytes("tools").AsSpan();
        content[content.AsSpan().IndexOf(at)] = (byte)'T';
        var changed = SomeLog.Read(content);
        Assert.Equal(["evtx.records-checksum"], changed.Codes);
        Assert.Equal(@"C:\Tools\p0.exe", changed.Events[0].Of("Image"));
        Assert.Equal(20, changed.Events.Count);

        content[4096 + 200] ^= 1;
        var header = SomeLog.Read(content);
        Assert.Equal(["evtx.chunk-checksum"], header.Codes);
        Assert.Equal(20, header.Events.Count);
    }

    [Fact]
    public void Records_written_after_the_header_was_last_are_read_and_old_memory_is_not()
    {
        var content = SomeLog.Processes(10);
        var chunk = content.AsSpan(4096, EvtxChunk.Size);
        var offsets = SomeLog.Read(content).Raw;
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[48..], (uint)(offsets[7] - 4096));
        Seal(chunk);
        var continued = SomeLog.Read(content);
        Assert.Equal(10, continued.Events.Count);
        Assert.Equal(["evtx.record-beyond", "evtx.record-beyond", "evtx.record-beyond"], continued.Codes);

        // The same bytes with another number are a record of something else.
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan((int)offsets[7] + 8), 4711);
        var other = SomeLog.Read(content);
        Assert.Equal(7, other.Events.Count);
        Assert.Empty(other.Diagnostics);
    }

    [Fact]
    public void A_record_whose_sizes_differ_reaches_to_the_next()
    {
        var content = SomeLog.Processes(10);
        var offsets = SomeLog.Read(content).Raw;
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan((int)offsets[4] + 4), 0x7FFFFFF0);
        var reading = SomeLog.Read(content);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{1000 + i}"), reading.Events.Select(e => e.Of("ProcessId")));
    }

    [Fact]
    public void Behind_destroyed_bytes_the_next_record_is_found()
    {
        var content = SomeLog.Processes(10);
        var offsets = SomeLog.Read(content).Raw;
        content.AsSpan((int)offsets[3], (int)(offsets[5] - offsets[3])).Fill(0x55);
        var reading = SomeLog.Read(content);
        Assert.Equal(8, reading.Events.Count);
        Assert.Equal(1, reading.Skipped);
        Assert.Contains(reading.Diagnostics, d => d.Code == "evtx.record-lost" && d.Offset == offsets[3]);
    }

    [Fact]
    public void A_record_whose_template_is_gone_is_reported_with_its_place()
    {
        var writer = new EvtxWriter();
        SomeLog.AddProcess(writer, 0);
        writer.Add(new Template(0xD1, new Element("Event", new Element("System", new Element("EventID", new Text("1"))))));
        SomeLog.AddProcess(writer, 2);
        var content = writer.ToFile();
        var offsets = SomeLog.Read(content).Raw;

        // A bit of the id in the record has flipped: the template is found all the same.
        content[(int)offsets[1] + 24 + 6] ^= 0x10;
        var flipped = SomeLog.Read(content);
        Assert.Equal(3, flipped.Events.Count);
        Assert.Contains(flipped.Diagnostics, d => d.Code == "evtx.record-damaged" && d.Offset == offsets[1]);

        // Where the template should be is something else.
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan((int)offsets[1] + 24 + 10), 520);
        var reading = SomeLog.Read(content);
        Assert.Equal(2, reading.Events.Count);
        Assert.Contains(reading.Diagnostics, d => d.Code == "evtx.record-unreadable" && d.Offset == offsets[1]);
    }

    [Fact]
    public void Of_a_record_that_is_damaged_within_the_rest_is_kept()
    {
        var writer = new EvtxWriter();
        writer.Add(SomeLog.Frame, SomeLog.FrameValues(1, 1, Value.Of(BinXmlType.BinXml, [0x0F, 1, 1, 0, 0x0C, 1, 9, 9, 9, 9, 9, 9, 9, 9])));
        var reading = SomeLog.Read(writer.ToFile());
        Assert.Equal("1", Assert.Single(reading.Events).Of("EventID"));
        Assert.Equal(["evtx.record-damaged"], reading.Codes);
    }

    [Fact]
    public void Every_whole_record_of_a_content_cut_off_is_read()
    {
        var content = SomeLog.Processes(200);
        var offsets = SomeLog.Read(content).Raw;
        foreach (var cut in new[] { 0, 1, 100, 4096, 4096 + 100, 4096 + 512, 4096 + 2000, 4096 + EvtxChunk.Size - 1, 4096 + EvtxChunk.Size, 4096 + EvtxChunk.Size + 3000 })
        {
            var reading = SomeLog.Read(content[..cut]);
            var whole = offsets.Count(o => o + BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan((int)o + 4)) <= cut);
            Assert.InRange(reading.Events.Count, whole, whole + 1);
        }
    }

    [Fact]
    public void Chunks_that_are_out_of_place_are_found()
    {
        var content = SomeLog.Processes(600);
        byte[] shifted = [.. content[..4096], .. new byte[777], .. content[4096..(4096 + EvtxChunk.Size)], 1, 2, 3, .. content[(4096 + EvtxChunk.Size)..]];
        var reading = SomeLog.Read(shifted);
        Assert.Equal(600, reading.Events.Count);
        Assert.Contains("evtx.chunk-missing", reading.Codes);
    }

    [Fact]
    public void A_chunk_cut_short_does_not_hide_the_one_behind_it()
    {
        var content = SomeLog.Processes(600);
        var all = SomeLog.Read(content).Raw;
        byte[] spliced = [.. content[..(4096 + 20_000)], .. content[(4096 + EvtxChunk.Size)..]];
        var expected = all.Count(o => o < 4096 + 19_000 || o >= 4096 + EvtxChunk.Size);
        Assert.InRange(SomeLog.Read(spliced).Events.Count, expected, expected + 3);
    }

    [Fact]
    public void A_template_that_uses_one_value_without_end_is_bounded()
    {
        var children = Enumerable.Range(0, 900).Select(_ => (EvtxWriter.Node)new Element("Data", new Substitution(0, BinXmlType.String))).ToArray();
        var data = new Template(0xE1, new Element("EventData", children));
        var e = ReadData(Value.Xml(data, Value.String(new string('a', 9000))));
        Assert.InRange(e.Fields.Sum(f => f.Value.Length), 100_000, 256 * 1024);
    }

    [Fact]
    public void Nested_values_are_followed_to_a_bounded_depth()
    {
        var template = new Template(0xE2, new Element("EventData", new Element("Data", new Attr("Name", new Text("X")), new Substitution(0, BinXmlType.String)), new Substitution(1, BinXmlType.BinXml)));
        var value = Value.Null;
        for (var i = 0; i < 30; i++) value = Value.Xml(template, Value.String($"{i}"), value);
        var reading = SomeLog.Read(new EvtxWriter().Add(SomeLog.Frame, SomeLog.FrameValues(1, 1, value)).ToFile());
        Assert.InRange(Assert.Single(reading.Events).Named("X").Count(), 2, 16);
        Assert.Equal(["evtx.record-damaged"], reading.Codes);
    }

    [Fact]
    public void Names_are_resolved_anew_for_a_record_with_another_catalog()
    {
        var content = SomeLog.Processes(2);
        var reader = new EvtxReader();
        var at = reader.Read(new LogWindow(content, 0, content.Length, 0, true), new EventRecord(FieldCatalog.Empty)).Consumed;
        var without = new EventRecord(FieldCatalog.Empty);
        Assert.Equal(ReadStatus.Event, reader.Read(new LogWindow(content, at, content.Length, at, true), without).Status);
        reader.CatalogChanged();
        var catalog = new FieldCatalog([.. EventFields.Always, "Image"]);
        var with = new EventRecord(catalog);
        Assert.Equal(ReadStatus.Event, reader.Read(new LogWindow(content, at, content.Length, at, true), with).Status);
        Assert.Equal(@"C:\tools\p1.exe", with.Text(with.First(catalog.SlotOf("Image"))));
    }

    [Fact]
    public void Reading_allocates_nothing_per_event()
    {
        var content = SomeLog.Processes(800);
        var record = new EventRecord(new FieldCatalog([.. EventFields.Always, "Image", "CommandLine"]));
        var reader = new EvtxReader();
        Assert.Equal(800, Pass(reader, content, record));
        Pass(reader, content, record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(reader, content, record);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);

        static int Pass(EvtxReader reader, byte[] content, EventRecord record)
        {
            var events = 0;
            for (var at = 4096; ;)
            {
                var result = reader.Read(new LogWindow(content, at, content.Length, at, true), record);
                at += result.Consumed;
                if (result.Status == ReadStatus.NeedMore) return events;
                if (result.Status != ReadStatus.Event) continue;
                events++;
                for (var i = 0; i < record.Count; i++) _ = record.Value(i);
            }
        }
    }

    [Fact]
    public void Damage_of_any_kind_neither_throws_nor_stops_the_reader()
    {
        var original = SomeLog.Processes(60, letters: 400);
        var random = new Random(20250304);
        var record = new EventRecord(new FieldCatalog(EventFields.Always));
        for (var round = 0; round < 250; round++)
        {
            var content = EvtxDamage.Of(original, random);
            var reading = SomeLog.Read(content, random.Next(3) == 0 ? random.Next(1, 100_000) : int.MaxValue, record);
            Assert.True(reading.Events.Count <= 1500);
        }
    }

    [Theory]
    [InlineData("x.evtx", "ElfFile\0rest", 100)]
    [InlineData("", "ElfChnk\0rest", 100)]
    [InlineData("x.EVTX", "anything", 40)]
    [InlineData("x.json", "{}", 0)]
    public void The_format_is_recognized(string name, string head, int sureness) =>
        Assert.Equal(sureness, new EvtxFormat().Recognize(Encoding.ASCII.GetBytes(head), name));

    private static CapturedEvent ReadValue(Value value) =>
        ReadData(Value.Xml(new Template(0xC1, new Element("EventData", new Element("Data", new Attr("Name", new Text("X")), new Substitution(0, BinXmlType.String)))), value));

    private static CapturedEvent ReadData(Value data) =>
        Assert.Single(SomeLog.Read(new EvtxWriter().Add(SomeLog.Frame, SomeLog.FrameValues(1, 1, data)).ToFile()).Events);
}
