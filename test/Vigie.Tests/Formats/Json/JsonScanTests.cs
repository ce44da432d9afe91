using Vigie.Engine.Formats.Json;

namespace Vigie.Tests.Formats.Json;

public sealed class JsonScanTests
{
    [Fact]
    public void A_strings_end_is_where_counting_byte_by_byte_finds_it()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var buffer = new byte[random.Next(1, 300)];
            foreach (ref var b in buffer.AsSpan()) b = random.Next(round % 2 == 0 ? 4 : 60) switch { 0 => (byte)'\\', 1 when random.Next(20) == 0 => (byte)'"', 2 when random.Next(60) == 0 => (byte)'\n', _ => (byte)'x' };
            var end = random.Next(buffer.Length + 1);
            var start = random.Next(end + 1);
            Assert.Equal(Slowly(buffer, start, end, out var slowly), JsonScan.StringEnd(buffer, start, end, out var escaped));
            if (slowly is { } expected) Assert.Equal(expected, escaped);
        }
    }

    private static int Slowly(byte[] buffer, int start, int end, out bool? escaped)
    {
        escaped = false;
        for (var at = start; at < end; at++)
        {
            if (buffer[at] == '\n') return JsonScan.RawLineFeed;
            if (buffer[at] == '"') return at;
            if (buffer[at] != '\\') continue;
            escaped = true;
            at++;
            if (at < end && buffer[at] == '\n') return JsonScan.RawLineFeed;
        }

        escaped = null;
        return JsonScan.Incomplete;
    }
}
