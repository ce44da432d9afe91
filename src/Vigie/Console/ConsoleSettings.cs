using System.Net;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>The <c>console:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record ConsoleSettings
{
    /// <summary>Where the console, health and metrics answer; port 0 takes a free one, written to <c>run/endpoints.json</c>.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8464);

    internal static ConsoleSettings Read(SettingsSection section, string dataDirectory) => new()
    {
        Listen = section.EndPoint("listen", new ConsoleSettings().Listen),
    };
}
