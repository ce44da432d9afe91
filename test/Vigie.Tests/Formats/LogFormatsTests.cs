using System.Text;
using Vigie.Engine.Formats;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats;

public sealed class LogFormatsTests
{
    [Theory]
    [MemberData(nameof(LogSamples.All), MemberType = typeof(LogSamples))]
    [MemberData(nameof(LogSamples.Documents), MemberType = typeof(LogSamples))]
    public void Recognizes_its_own_format_whatever_the_name(string id, string fileName, string content, int events)
    {
        Assert.True(events > 0);
        var head = Encoding.UTF8.GetBytes(content);
        Assert.Equal(id, LogFormats.Recognize(head, fileName)?.Id);
        Assert.Equal(id, LogFormats.Recognize(head, "")?.Id);
        Assert.Equal(id, LogFormats.Recognize(head, "something.log")?.Id);
    }

    [Theory]
    [MemberData(nameof(LogSamples.All), MemberType = typeof(LogSamples))]
    [MemberData(nameof(LogSamples.Documents), MemberType = typeof(LogSamples))]
    public void Recognizes_a_head_that_is_cut(string id, string fileName, string content, int events)
    {
        Assert.True(events > 0);
        var head = Encoding.UTF8.GetBytes(content);
        Assert.Equal(id, LogFormats.Recognize(head.AsSpan(0, head.Length - 7), fileName)?.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("MZ\u0090\0\u0003\0\0\0\u0004\0")]
    [InlineData("ElfFile\0\0\0\0\0\0\0")]
    [InlineData("lorem ipsum dolor sit amet\nconsectetur adipiscing elit\n")]
    public void Takes_nothing_else_for_a_text_log(string content)
    {
        var found = LogFormats.Recognize(Encoding.Latin1.GetBytes(content), "")?.Id;
        Assert.True(found is null or "evtx", $"taken for {found}");
    }

    [Theory]
    [MemberData(nameof(LogSamples.All), MemberType = typeof(LogSamples))]
    [MemberData(nameof(LogSamples.Documents), MemberType = typeof(LogSamples))]
    public void Reads_every_event_however_the_bytes_arrive(string id, string fileName, string content, int events)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var format = LogFormats.Find(id)!;
        var options = new LogReaderOptions { Received = Some.Received, FileName = fileName };
        var whole = TextFeed.Read(format.Open(options), bytes, int.MaxValue);
        Assert.Equal(events, whole.Events.Count);
        Assert.Equal(bytes.Length, whole.Consumed);
        Assert.All(whole.Events, e => Assert.NotEmpty(e.Fields));
        foreach (var piece in new[] { 1, 2, 3, 7, 64, 211 })
        {
            var pieces = TextFeed.Read(format.Open(options), bytes, piece);
            Assert.Equal(whole.Offsets, pieces.Offsets);
            Assert.Equal(Describe(whole), Describe(pieces));
        }
    }

    [Theory]
    [MemberData(nameof(LogSamples.All), MemberType = typeof(LogSamples))]
    [MemberData(nameof(LogSamples.Documents), MemberType = typeof(LogSamples))]
    public void Goes_on_with_its_state_where_another_reader_stopped(string id, string fileName, string content, int events)
    {
        Assert.True(events > 0);
        var bytes = Encoding.UTF8.GetBytes(content);
        var format = LogFormats.Find(id)!;
        var options = new LogReaderOptions { Received = Some.Received, FileName = fileName };
        var whole = Describe(TextFeed.Read(format.Open(options), bytes, int.MaxValue));
        var random = new Random(7);
        for (var i = 0; i < 40; i++)
        {
            var feed = new TextFeed();
            var record = new Vigie.Engine.Events.EventRecord(new Vigie.Engine.Events.FieldCatalog([.. Vigie.Engine.Events.EventFields.Always, .. Some.Names]));
            var first = format.Open(options);
            var stop = random.Next(bytes.Length);
            var position = feed.Run(first, record, bytes.AsSpan(0, stop), 50, 0, isFinal: false);
            var second = format.Open(options);
            if (first.SaveState() is { } state) second.RestoreState(state);
            feed.Run(second, record, bytes, 50, position, isFinal: true);
            Assert.Equal(whole, Describe(feed));
        }
    }

    [Theory]
    [MemberData(nameof(LogSamples.All), MemberType = typeof(LogSamples))]
    public void Never_throws_on_damaged_bytes(string id, string fileName, string content, int events)
    {
        Assert.True(events > 0);
        var format = LogFormats.Find(id)!;
        var random = new Random(id.Length + content.Length);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Damage(Encoding.UTF8.GetBytes(content), random);
            _ = LogFormats.Recognize(bytes, fileName);
            var feed = TextFeed.Read(format.Open(new LogReaderOptions { Received = Some.Received, FileName = fileName }), bytes, random.Next(1, 400));
            Assert.Equal(bytes.Length, feed.Consumed);
            Assert.True(feed.Events.Count <= bytes.AsSpan().Count((byte)'\n') + 1);
        }
    }

    [Theory]
    [MemberData(nameof(LogSamples.All), MemberType = typeof(LogSamples))]
    public void Reads_the_lines_after_an_endless_one(string id, string fileName, string content, int events)
    {
        var format = LogFormats.Find(id)!;
        var endless = new byte[3 * 1024 * 1024];
        endless.AsSpan().Fill((byte)'x');
        byte[] bytes = [.. Encoding.UTF8.GetBytes(content), .. endless, (byte)'\n', .. Encoding.UTF8.GetBytes(content.Replace("1763719", "1763729", StringComparison.Ordinal))];
        var feed = TextFeed.Read(format.Open(new LogReaderOptions { Received = Some.Received, FileName = fileName }), bytes, 600_000);
        Assert.Contains(feed.Diagnostics, d => d.Code == "line.too-long");
        Assert.InRange(feed.Events.Count, 2 * events, 2 * events + 2);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        for (var changes = random.Next(1, 12); changes > 0; changes--)
        {
            switch (random.Next(4))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes = bytes[..random.Next(1, bytes.Length + 1)];
                    break;
                case 2:
                    var (from, to) = (random.Next(bytes.Length), random.Next(bytes.Length));
                    if (from < to) bytes = [.. bytes[..from], .. bytes[to..]];
                    break;
                default:
                    var at = random.Next(bytes.Length);
                    bytes = [.. bytes[..at], .. "\"'<[=\\\n\t ,%:(){}-\0\u00ff"u8[random.Next(16)..][..1], .. bytes[at..]];
                    break;
            }

            if (bytes.Length == 0) return "x"u8.ToArray();
        }

        return bytes;
    }

    private static string[] Describe(TextFeed feed) =>
        [.. feed.Events.Select(e => $"{e.Time:O} {e.Class} {string.Join(';', e.Fields.Select(f => $"{f.Name}={f.Value}"))}")];
}
