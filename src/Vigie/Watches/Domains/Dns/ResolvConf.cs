using System.Net;

namespace Vigie.Watches.Domains.Dns;

/// <summary>The resolvers of this machine, as resolv.conf(5) names them.</summary>
internal static class ResolvConf
{
    public const string DefaultPath = "/etc/resolv.conf";

    // MAXNS of resolv.conf(5).
    private const int MaxServers = 3;
    private const int MaxLines = 1000;
    private const int DnsPort = 53;

    /// <summary>The resolvers of the file; none where it cannot be read.</summary>
    public static IReadOnlyList<IPEndPoint> Load(string path = DefaultPath)
    {
        try
        {
            return Parse(File.ReadLines(path).Take(MaxLines));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The first three <c>nameserver</c> lines that hold an address; everything else is passed over.</summary>
    public static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> lines)
    {
        var servers = new List<IPEndPoint>();
        foreach (var line in lines)
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == "nameserver" && IPAddress.TryParse(words[1], out var address))
                servers.Add(new IPEndPoint(address, DnsPort));
            if (servers.Count == MaxServers) break;
        }

        return servers;
    }
}
