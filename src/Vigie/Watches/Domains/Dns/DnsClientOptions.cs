using System.Collections.Immutable;
using System.Net;

namespace Vigie.Watches.Domains.Dns;

/// <summary>How the client asks.</summary>
internal sealed record DnsClientOptions
{
    /// <summary>The recursive resolvers, best first.</summary>
    public required ImmutableArray<IPEndPoint> Servers { get; init; }

    /// <summary>How long one server is waited for, once.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the whole list of servers is gone through before the answer is unknown.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>The most questions under way at once.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>The most questions sent a second, retries included.</summary>
    public double QueriesPerSecond { get; init; } = 20;

    /// <summary>Whether letters are sent in random case and must come back so; a server that changes them is asked over TCP.</summary>
    public bool RandomCase { get; init; } = true;

    /// <summary>The longest an answer that there is nothing is kept, whatever the zone allows (RFC 2308 §5 suggests at most three hours).</summary>
    public TimeSpan MaxNegativeAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest an answer with records is kept.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most answers kept.</summary>
    public int CacheEntries { get; init; } = 20_000;
}
