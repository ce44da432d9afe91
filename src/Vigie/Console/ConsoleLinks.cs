using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Vigie.Console;

/// <summary>Absolute addresses of this console, for links that leave it: in mail, in the log, in an invitation.</summary>
internal sealed class ConsoleLinks(ConsoleSettings settings, IServer server)
{
    /// <summary>
    /// <c>console.publicUrl</c> where it is set, else where the console listens. Never the Host header: whoever sends the
    /// request chooses that.
    /// </summary>
    public Uri Base => settings.PublicUrl ?? Listening();

    public string To(string path) => new Uri(Base, path).AbsoluteUri;

    private Uri Listening()
    {
        var scheme = settings.Tls is null ? "http" : "https";
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        var port = bound is not null ? new Uri(bound).Port : settings.Listen.Port;
        var address = settings.Listen.Address;
        var host = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : address.ToString();
        return new UriBuilder(scheme, host, port).Uri;
    }
}
