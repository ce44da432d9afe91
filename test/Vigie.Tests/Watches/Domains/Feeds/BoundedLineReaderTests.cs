using System.Text;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Tests.Watches.Domains.Feeds;

public sealed class BoundedLineReaderTests
{
    [Fact]
    public void Lines_and_offsets_are_the_same_in_any_portions()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(5) switch
            {
                0 => "\n",
                1 => "\r\n",
                2 => new string('x', random.Next(150)),
                3 => "é",
                _ => "a,b",
            }));
            var bytes = Encoding.UTF8.GetBytes(text);
            var start = random.Next(bytes.Length + 1);
            while (start > 0 && start < bytes.Length && bytes[start - 1] != '\n') start--;
            var last = random.Next(2) == 0;
            Assert.True(Expected(bytes, start, 100, last).SequenceEqual(Read(bytes, start, 100, last, random)), $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_line_of_any_length_costs_the_memory_of_the_longest_allowed()
    {
        const int maxLine = 10_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var stream = new Repeated((byte)'x', 50_000_000);
        var reader = new BoundedLineReader(stream, 0, maxLine);
        var line = await reader.ReadAsync(lastCounts: true, TestContext.Current.CancellationToken);
        Assert.True(line!.Value.TooLong);
        Assert.Equal(50_000_000, line.Value.End);
        Assert.InRange(line.Value.Bytes.Length, 1, 256);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static List<(string, long, bool)> Read(byte[] bytes, int start, int maxLine, bool last, Random random)
    {
        using var stream = new Portions(bytes.AsMemory(start), random);
        var reader = new BoundedLineReader(stream, start, maxLine);
        var lines = new List<(string, long, bool)>();
        while (reader.ReadAsync(last, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } line)
            lines.Add((line.TooLong ? "" : Encoding.UTF8.GetString(line.Bytes.Span), line.End, line.TooLong));
        return lines;
    }

    private static List<(string, long, bool)> Expected(byte[] bytes, int start, int maxLine, bool last)
    {
        var lines = new List<(string, long, bool)>();
        for (var at = start; at < bytes.Length;)
        {
            var newline = Array.IndexOf(bytes, (byte)'\n', at);
            if (newline < 0 && !last) break;
            var end = newline < 0 ? bytes.Length : newline;
            var line = bytes.AsSpan(at, end - at);
            if (line.Length > 0 && line[^1] == '\r' && line.Length <= maxLine) line = line[..^1];
            var tooLong = line.Length > maxLine;
            lines.Add((tooLong ? "" : Encoding.UTF8.GetString(line), newline < 0 ? end : end + 1, tooLong));
            at = newline < 0 ? end : end + 1;
        }

        return lines;
    }

    private sealed class Portions(ReadOnlyMemory<byte> content, Random random) : MemoryStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(buffer.Length, content.Length - _at), random.Next(1, 40));
            content.Slice(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }

    private sealed class Repeated(byte value, long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            buffer.Span[..count].Fill(value);
            _left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
