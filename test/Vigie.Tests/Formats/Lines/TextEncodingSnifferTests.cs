using System.Text;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Tests.Formats.Lines;

public sealed class TextEncodingSnifferTests
{
    private const string Log = "{\"EventID\": 1, \"Nom\": \"Été à Bamako\", \"x\": \"😀\"}\r\n";

    [Fact]
    public void Tells_utf_16_with_and_without_a_mark()
    {
        var (little, big) = (new UnicodeEncoding(false, true), new UnicodeEncoding(true, true));
        Assert.Equal((TextEncoding.Utf16LittleEndian, 2), Sniff([.. little.GetPreamble(), .. little.GetBytes(Log)]));
        Assert.Equal((TextEncoding.Utf16BigEndian, 2), Sniff([.. big.GetPreamble(), .. big.GetBytes(Log)]));
        Assert.Equal((TextEncoding.Utf16LittleEndian, 0), Sniff(little.GetBytes(Log)));
        Assert.Equal((TextEncoding.Utf16BigEndian, 0), Sniff(big.GetBytes(Log)));
        Assert.Equal((TextEncoding.Utf8, 3), Sniff([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Log)]));
        Assert.Equal((TextEncoding.Utf8, 0), Sniff(Encoding.UTF8.GetBytes(Log)));
    }

    [Fact]
    public void Takes_no_binary_content_for_utf_16()
    {
        var chunk = new byte[4096];
        "ElfFile"u8.CopyTo(chunk);
        chunk[24] = chunk[32] = 128;
        Assert.Equal((TextEncoding.Utf8, 0), Sniff(chunk));
        var numbers = new byte[4096];
        for (var i = 0; i < numbers.Length; i += 4) numbers[i] = (byte)(i / 4);
        Assert.Equal((TextEncoding.Utf8, 0), Sniff(numbers));
        Assert.Equal((TextEncoding.Utf8, 0), Sniff([]));
        Assert.Equal((TextEncoding.Utf8, 0), Sniff([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0]));
    }

    [Theory]
    [InlineData(TextEncoding.Utf16LittleEndian)]
    [InlineData(TextEncoding.Utf16BigEndian)]
    public void Transcodes_in_pieces_of_any_size(TextEncoding encoding)
    {
        var text = string.Concat(Enumerable.Repeat(Log, 200));
        var bytes = new UnicodeEncoding(encoding == TextEncoding.Utf16BigEndian, false).GetBytes(text);
        var random = new Random(5);
        for (var i = 0; i < 30; i++) Assert.Equal(text, Encoding.UTF8.GetString(Transcode(encoding, bytes, random)));
    }

    [Fact]
    public void Replaces_what_is_no_character()
    {
        Assert.Equal("a\uFFFDb\uFFFD", Encoding.UTF8.GetString(Transcode(TextEncoding.Utf16LittleEndian, [0x61, 0, 0x3D, 0xD8, 0x62, 0, 0x3D, 0xD8], new Random(1))));
        Assert.Equal("a\uFFFD", Encoding.UTF8.GetString(Transcode(TextEncoding.Utf16LittleEndian, [0x61, 0, 0x62], new Random(1))));
    }

    private static byte[] Transcode(TextEncoding encoding, byte[] bytes, Random random)
    {
        var transcoder = new Utf16Transcoder(encoding);
        var result = new List<byte>();
        var (at, available) = (0, 0);
        var target = new byte[random.Next(16, 300)];
        for (var rounds = 0; at < bytes.Length; rounds++)
        {
            Assert.True(rounds < 100_000, "does not get on");
            available = Math.Min(bytes.Length, available + random.Next(0, 40));
            var written = transcoder.Transcode(bytes.AsSpan(at, available - at), target, available == bytes.Length, out var consumed);
            result.AddRange(target.AsSpan(0, written));
            at += consumed;
        }

        return [.. result];
    }

    private static (TextEncoding, int) Sniff(byte[] head)
    {
        var encoding = TextEncodingSniffer.Sniff(head, out var mark);
        return (encoding, mark);
    }
}
