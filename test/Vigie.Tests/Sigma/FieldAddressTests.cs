using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

public sealed class FieldAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:db8::a:b", "2001:db8::a:b")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:1.2.3.4")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("1::7:8", "1::7:8")]
    [InlineData("ABCD:ef01::", "abcd:ef01::")]
    public void Addresses_are_read(string text, string expected) => Assert.Equal(IPAddress.Parse(expected).GetAddressBytes(), Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.256")]
    [InlineData("0x7f.1.1.1")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData("1.2.3.4%eth0")]
    public void What_is_no_address_is_none(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Ipv6_is_read_as_the_system_library_reads_it()
    {
        var random = new Random(6);
        for (var round = 0; round < 5000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(5) switch { 0 => ":", 1 => "::", _ => random.Next(0x10000).ToString("x", System.Globalization.CultureInfo.InvariantCulture) + (random.Next(4) > 0 ? ":" : "") }));
            var expected = IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && text.Contains(':', StringComparison.Ordinal) ? address.GetAddressBytes() : null;
            Assert.Equal(expected, Parse(text));
        }
    }

    [Fact]
    public void Reading_one_allocates_nothing()
    {
        var network = FieldAddress.TryNetwork("2001:db8::/32")!;
        Assert.True(FieldAddress.IsIn("2001:db8::1"u8, network));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) FieldAddress.IsIn("2001:db8:0:1::7f"u8, network);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[]? Parse(string text)
    {
        var address = new byte[16];
        return FieldAddress.TryParse(Encoding.UTF8.GetBytes(text), address, out _) ? address : null;
    }
}
