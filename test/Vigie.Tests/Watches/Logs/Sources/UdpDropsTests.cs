using Vigie.Watches.Logs.Sources.Syslog;

namespace Vigie.Tests.Watches.Logs.Sources;

public sealed class UdpDropsTests
{
    [Fact]
    public void The_drops_of_a_port_are_the_last_column_of_its_sockets()
    {
        string[] table =
        [
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
            "  100: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1111 2 0000000000000000 42",
            "  101: 00000000:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1112 2 0000000000000000 1",
            "  102: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1113 2 0000000000000000 9",
        ];
        Assert.Equal(43, UdpDrops.Count(table, 5514));
        Assert.Equal(9, UdpDrops.Count(table, 53));
        Assert.Equal(0, UdpDrops.Count(table, 1));
    }
}
