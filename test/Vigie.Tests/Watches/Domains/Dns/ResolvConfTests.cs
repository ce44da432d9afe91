using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class ResolvConfTests
{
    [Fact]
    public void Takes_the_first_three_addresses_and_passes_over_the_rest()
    {
        string[] lines = ["# comment", "search example.com", "nameserver 192.0.2.1", "nameserver\t2001:db8::53", "nameserver not-an-address", "nameserver", "nameserver 192.0.2.3  trailing", "nameserver 192.0.2.4"];
        Assert.Equal(["192.0.2.1:53", "[2001:db8::53]:53", "192.0.2.3:53"], ResolvConf.Parse(lines).Select(e => e.ToString()));
    }

    [Fact]
    public void A_missing_file_names_none() => Assert.Empty(ResolvConf.Load("/nonexistent/resolv.conf"));
}
