using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

public sealed class FieldAddressTests
{
    [Theory]
    [InlineData("::", "00000000000000000000000000000000")]
    [InlineData("::1", "00000000000000000000000000000001")]
    [InlineData("2001:db8::", "20010DB8000000000000000000000000")]
    [InlineData("1:2:3:4:5:6:7:8", "00010002000300040005000600070008")]
    [InlineData("1::5:6:7:8", "00010000000000000005000600070008")]
    [InlineData("1:2:3:4:5:6:7::", "00010002000300040005000600070000")]
    [InlineData("fe80::80ac:4126:fa58:1b81%eth0", "FE8000000000000080AC4126FA581B81")]
    [InlineData("::ffff:192.0.2.1", "00000000000000000000FFFFC0000201")]
    [InlineData("64:ff9b::192.0.2.33", "0064FF9B0000000000000000C0000221")]
    [InlineData("192.0.2.1", "00000000000000000000FFFFC0000201")]
    [InlineData(":", null)]
    [InlineData(":::", null)]
    [InlineData("1::2::3", null)]
    [InlineData("1:2:3:4:5:6:7", null)]
    [InlineData("1:2:3:4:5:6:7:8:9", null)]
    [InlineData("1:2:3:4:5:6:7:8::", null)]
    [InlineData("12345::", null)]
    [InlineData("1:", null)]
    [InlineData(":1::", null)]
    [InlineData("::1.2.3", null)]
    [InlineData("::1.2.3.4:5", null)]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4", null)]
    public void An_address_is_16_bytes_or_none(string text, string? expected) => Assert.Equal(expected, Parsed(text));

    [Fact]
    public void Version_6_is_read_as_the_system_reads_it()
    {
        var random = new Random(6);
        string[] pieces = ["::", ":", "0", "1", "ab", "ffff", "fe80", "10000", "2001:db8", "192.0.2.1", "::1"];
        var valid = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Join(random.Next(2) == 0 ? ":" : "", Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!text.Contains(':', StringComparison.Ordinal)) continue;
            var theirs = IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes()) : null;
            Assert.True(theirs == Parsed(text), $"{text}: {theirs} and {Parsed(text)}");
            valid += theirs is null ? 0 : 1;
        }

        Assert.True(valid > 500);
    }

    [Fact]
    public void Reading_one_allocates_nothing()
    {
        var text = "fe80::80ac:4126:fa58:1b81"u8;
        Span<byte> address = stackalloc byte[16];
        FieldAddress.TryParse(text, address, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        FieldAddress.TryParse(text, address, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
    }

    private static string? Parsed(string text)
    {
        Span<byte> address = stackalloc byte[16];
        return FieldAddress.TryParse(Encoding.UTF8.GetBytes(text), address, out _) ? Convert.ToHexString(address) : null;
    }
}
