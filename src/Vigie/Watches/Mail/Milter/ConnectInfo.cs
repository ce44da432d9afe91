using System.Net;

namespace Vigie.Watches.Mail.Milter;

/// <summary>How the SMTP client reached the MTA (<c>SMFIA_*</c> in <c>mfdef.h</c>).</summary>
public enum ConnectFamily
{
    /// <summary>The MTA does not know, as for mail submitted by a local command.</summary>
    Unknown,
    Unix,
    IPv4,
    IPv6,
}

/// <summary>The SMTP client of a connection, as the MTA tells it.</summary>
/// <param name="Host">The client's name by reverse look-up, or what the MTA puts in its place, such as <c>[192.0.2.1]</c>.</param>
/// <param name="Family">How it connected.</param>
/// <param name="Address">IP address or socket path as sent; empty for <see cref="ConnectFamily.Unknown"/>.</param>
/// <param name="Port">The client's port; 0 where unknown.</param>
public sealed record ConnectInfo(string Host, ConnectFamily Family, string Address, int Port)
{
    /// <summary>The client's IP address; null for other families and for text that is none.</summary>
    public IPAddress? IPAddress { get; } =
        Family is ConnectFamily.IPv4 or ConnectFamily.IPv6 && System.Net.IPAddress.TryParse(StripPrefix(Address), out var ip) ? ip : null;

    // Sendmail writes IPv6 addresses as in RFC 5321 §4.1.3 literals ("IPv6:::1"), Postfix writes them bare.
    private static string StripPrefix(string address) =>
        address.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? address[5..] : address;
}
