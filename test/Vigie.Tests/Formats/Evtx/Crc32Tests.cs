using Vigie.Engine.Formats.Evtx;

namespace Vigie.Tests.Formats.Evtx;

public sealed class Crc32Tests
{
    [Fact]
    public void It_is_the_checksum_of_ISO_3309() => Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));

    [Fact]
    public void Every_length_gives_what_the_definition_gives()
    {
        var bytes = new byte[700];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ByDefinition(bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length)));
            Assert.Equal(ByDefinition(bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length / 3), bytes.AsSpan(length / 3, length - (length / 3))));
        }
    }

    private static uint ByDefinition(ReadOnlySpan<byte> bytes)
    {
        var state = uint.MaxValue;
        foreach (var b in bytes)
        {
            state ^= b;
            for (var bit = 0; bit < 8; bit++) state = (state >> 1) ^ ((state & 1) * 0xEDB88320);
        }

        return ~state;
    }
}
