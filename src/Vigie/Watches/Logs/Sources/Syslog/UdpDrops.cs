using System.Globalization;

namespace Vigie.Watches.Logs.Sources.Syslog;

/// <summary>What the Linux kernel could not hold for a UDP socket: the last column of <c>/proc/net/udp</c> (proc(5)).</summary>
internal static class UdpDrops
{
    private static readonly string[] Tables = ["/proc/net/udp", "/proc/net/udp6"];

    /// <summary>How many datagrams sockets on a port have lost; null where nobody counts.</summary>
    public static long? Of(int port)
    {
        try
        {
            return Tables.Where(File.Exists).Sum(table => Count(File.ReadLines(table), port));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The drops of a port in the lines of a table.</summary>
    internal static long Count(IEnumerable<string> lines, int port)
    {
        var wanted = port.ToString("X4", CultureInfo.InvariantCulture);
        var total = 0L;
        foreach (var line in lines.Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 13 || !columns[1].EndsWith($":{wanted}", StringComparison.Ordinal)) continue;
            if (long.TryParse(columns[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var drops)) total += drops;
        }

        return total;
    }
}
