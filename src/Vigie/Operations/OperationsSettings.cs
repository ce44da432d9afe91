using System.Net;

namespace Vigie.Operations;

/// <summary>The <c>operations:</c> part of <c>vigie.yaml</c>, validated: what the node tells those who run it.</summary>
public sealed record OperationsSettings
{
    /// <summary>How log lines are written to standard error.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>The least important level that is written.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Who may read <c>/metrics</c> and the details of <c>/readyz</c>; this machine unless told otherwise.</summary>
    public IReadOnlyList<IPNetwork> Observers { get; init; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>How long a stopping node lets open mail sessions finish.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(30);

    internal static OperationsSettings Read(SettingsSection section)
    {
        var defaults = new OperationsSettings();
        return new OperationsSettings
        {
            LogFormat = section.Enum("logFormat", defaults.LogFormat),
            LogLevel = section.Enum("logLevel", defaults.LogLevel),
            Observers = ReadNetworks(section, "observers", defaults.Observers),
            StopWithin = section.Duration("stopWithin", defaults.StopWithin, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        };
    }

    private static IReadOnlyList<IPNetwork> ReadNetworks(SettingsSection section, string key, IReadOnlyList<IPNetwork> fallback)
    {
        var texts = section.Strings(key);
        if (texts.Count == 0) return fallback;

        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else section.Problem(key, $"\"{text}\" must be an address or a network, such as 192.0.2.7 or 192.0.2.0/24");
        }

        return networks;
    }
}

/// <summary>How log lines are written.</summary>
public enum LogFormat
{
    /// <summary>One line a message, with systemd's priority prefix where systemd reads it.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
