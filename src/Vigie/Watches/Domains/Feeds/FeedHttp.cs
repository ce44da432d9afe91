using System.Net;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>The HTTP client of the feeds: no cookies, no redirects of its own, bounded headers.</summary>
internal static class FeedHttp
{
    public static HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        MaxResponseHeadersLength = 64,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        UseCookies = false,
    });
}
