using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>How often one address may ask, and how often anybody may try one account.</summary>
internal sealed class RateLimits : IDisposable
{
    /// <summary>Policies for endpoints: <c>RequireRateLimiting(RateLimits.Login)</c>.</summary>
    public const string Login = "login";
    public const string OneTimeLink = "one-time-link";

    // Guessing by many addresses at once: the account itself slows down. Names that do not exist are counted alike.
    private readonly PartitionedRateLimiter<string> _perAccount = PartitionedRateLimiter.Create<string, string>(
        name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(30),
            QueueLimit = 0,
        }));

    /// <summary>Whether one more password or code for this name may be tried now.</summary>
    public bool MayTry(string accountName)
    {
        using var lease = _perAccount.AttemptAcquire(AccountName.Key(accountName));
        return lease.IsAcquired;
    }

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(
            Address(http),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 300,
                TokensPerPeriod = 20,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
        options.AddPolicy(Login, http => PerAddress(http, 10, TimeSpan.FromMinutes(5)));
        options.AddPolicy(OneTimeLink, http => PerAddress(http, 30, TimeSpan.FromMinutes(10)));
    }

    private static RateLimitPartition<string> PerAddress(HttpContext http, int permits, TimeSpan window) =>
        RateLimitPartition.GetSlidingWindowLimiter(Address(http), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = window,
            SegmentsPerWindow = 5,
            QueueLimit = 0,
        });

    // One customer line usually has a whole IPv6 /64; counting single addresses would count nothing.
    private static string Address(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        return Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8));
    }

    public void Dispose() => _perAccount.Dispose();
}
