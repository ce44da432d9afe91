using System.Net;
using System.Net.Sockets;
using YamlDotNet.RepresentationModel;

namespace Vigie.Tests.Acceptance;

/// <summary>Makes a node's settings take free ports, so that test runs beside each other never meet, and ask nobody outside.</summary>
internal static class FreePorts
{
    private static readonly (string[] Group, string Key)[] Listeners = [(["console"], "listen"), (["mail", "milter"], "tcp")];

    /// <summary>A port that is free now, for what has to know it before it listens.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Adds "port 0" to each part that listens where the settings do not say.</summary>
    public static string AddTo(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = stream.Documents.Count == 0 ? new YamlMappingNode() : (YamlMappingNode)stream.Documents[0].RootNode;
        foreach (var (group, key) in Listeners)
        {
            var part = group.Aggregate(root, (parent, name) => Child(parent, name));
            if (!part.Children.ContainsKey(key)) part.Add(key, "127.0.0.1:0");
        }

        // No test asks the machine's own resolvers: a test of the watch names its resolvers, on loopback.
        var domains = Child(root, "domains");
        if (!domains.Children.ContainsKey("watch") && !domains.Children.ContainsKey("dns")) domains.Add("watch", "false");

        using var text = new StringWriter();
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString();
    }

    private static YamlMappingNode Child(YamlMappingNode parent, string name)
    {
        if (parent.Children.TryGetValue(name, out var child) && child is YamlMappingNode mapping) return mapping;
        parent.Children[name] = mapping = [];
        return mapping;
    }
}
