using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Evtx;
using Vigie.Tests.Formats.Evtx;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Tests.Watches.Logs.Reading;

public sealed class EventBufferTests
{
    private const int Seed = 4711;

    [Fact]
    public void Events_are_the_same_in_whatever_pieces_the_bytes_come()
    {
        var random = new Random(Seed);
        var content = new StringBuilder();
        for (var i = 0; i < 200; i++) content.Append("{\"n\":").Append(i).Append(",\"text\":\"").Append('x', random.Next(300)).Append("\"}\n");
        var bytes = Encoding.UTF8.GetBytes(content.ToString());
        var whole = Read(bytes, () => bytes.Length, out var identity);
        Assert.Equal(200, whole.Count);
        for (var round = 0; round < 20; round++)
        {
            var most = random.Next(1, 2000);
            Assert.Equal(whole, Read(bytes, () => random.Next(1, most + 1), out var other));
            Assert.Equal(identity, other);
        }
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_event()
    {
        var events = Read([.. "\uFEFF"u8, .. "{\"a\":1}\n"u8], () => 64, out _);
        Assert.Equal("3:{\"a\":1}", Assert.Single(events));
    }

    [Fact]
    public void An_endless_line_takes_bounded_memory_is_reported_and_what_follows_is_read()
    {
        var reported = new List<LogDiagnostic>();
        using var buffer = Open(reported.Add);
        var record = new EventRecord(FieldCatalog.Empty);
        var piece = new byte[1_000_000];
        Array.Fill(piece, (byte)'x');
        Append(buffer, "{\"a\":\""u8.ToArray(), record);
        for (var i = 0; i < 100; i++)
        {
            Append(buffer, piece, record);
            Assert.True(buffer.Pending <= LogWindow.MaxRecordBytes + piece.Length, $"{buffer.Pending} bytes wait");
        }

        Append(buffer, "\"}\n{\"b\":2}\n"u8.ToArray(), record, expected: 1);
        Assert.NotEmpty(reported);
        Assert.True(reported.Count < 200, $"{reported.Count} reports of one line");
    }

    [Fact]
    public void Behind_a_damaged_record_the_others_of_its_chunk_are_read()
    {
        var content = SomeLog.Processes(10);
        var offsets = SomeLog.Read(content).Raw;
        content.AsSpan((int)offsets[3], (int)(offsets[4] - offsets[3])).Fill(0x55);
        var reported = new List<LogDiagnostic>();
        using var buffer = new EventBuffer(reported.Add) { Reader = new EvtxReader() };
        Assert.True(buffer.TryAppend(content));
        buffer.IsFinal = true;
        var record = new EventRecord(FieldCatalog.Empty);
        var events = 0;
        while (buffer.Next(record)) events++;
        Assert.Equal(9, events);
        Assert.Contains(reported, d => d.Code == "evtx.record-lost");
    }

    [Fact]
    public void Binary_content_neither_throws_nor_stands_still()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 50; round++)
        {
            var bytes = new byte[random.Next(1, 20_000)];
            random.NextBytes(bytes);
            Read(bytes, () => random.Next(1, 5000), out _);
        }
    }

    private static void Append(EventBuffer buffer, byte[] bytes, EventRecord record, int? expected = null)
    {
        var read = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var room = buffer.Room(bytes.Length - at);
            Assert.False(room.IsEmpty, "there is no room and nothing was read");
            var taken = Math.Min(room.Length, bytes.Length - at);
            bytes.AsMemory(at, taken).CopyTo(room);
            buffer.Appended(taken);
            at += taken;
            while (buffer.Next(record)) read++;
        }

        if (expected is { } events) Assert.Equal(events, read);
    }

    private static List<string> Read(byte[] bytes, Func<int> piece, out string identity)
    {
        using var buffer = Open(_ => { });
        var record = new EventRecord(FieldCatalog.Empty);
        var events = new List<string>();
        for (var at = 0; at < bytes.Length || !buffer.IsFinal;)
        {
            var taken = Math.Min(piece(), bytes.Length - at);
            bytes.AsMemory(at, taken).CopyTo(buffer.Room(taken));
            at += taken;
            buffer.IsFinal = at == bytes.Length;
            buffer.Appended(taken);
            while (buffer.Next(record)) events.Add($"{record.Offset}:{Encoding.UTF8.GetString(record.Raw)}");
        }

        identity = buffer.Identity;
        return events;
    }

    private static EventBuffer Open(Action<LogDiagnostic> report) => new(report) { Reader = LogFormats.Find("json")!.Open(new LogReaderOptions()) };
}
