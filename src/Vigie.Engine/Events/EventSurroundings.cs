namespace Vigie.Engine.Events;

/// <summary>What an event says of those who wrote it and of the files it names, rather than of what happened.</summary>
internal static class EventSurroundings
{
    private static readonly string[] Sensors = ["zeek", "suricata", "fortigate", "fortios", "paloalto", "squid"];
    private static readonly string[] Passing = ["proxy", "mail", "dns"];
    private static readonly string[] Vendors = ["Company", "Signature", "process.pe.company", "process.code_signature.subject_name", "file.code_signature.subject_name"];
    private static readonly string[] Paths = ["ImageLoaded", "Image", "process.executable"];

    // Below the system's folder, but anybody's services and tasks may write there.
    private static readonly string[] Writable =
        ["temp\\", "tasks\\", "tracing\\", "debug\\", "prefetch\\", "serviceprofiles\\", "system32\\tasks\\", "system32\\spool\\", "syswow64\\tasks\\", "softwaredistribution\\"];

    /// <summary>Whether the host that wrote the event stands in the middle: a network sensor, a firewall, a proxy, a mail or name server.</summary>
    public static bool IsObserver(EventClass kind) =>
        kind.Products.Any(Sensors.Contains) || (!kind.Products.Contains("windows") && kind.Categories.Any(Passing.Contains));

    /// <summary>
    /// Whether the file whose hash the event gives came with the operating system: it lies where only the system installs, and
    /// bears its maker's name. Such a hash is on every machine and says nothing about this one.
    /// </summary>
    public static bool IsSystemFile(CapturedEvent captured)
    {
        var path = First(captured, Paths);
        return path is not null && IsSystemPath(path) && First(captured, Vendors)?.StartsWith("Microsoft", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static bool IsSystemPath(string path)
    {
        if (path.Length < 4 || path[1] != ':' || path[2] != '\\') return false;
        var rest = path.AsSpan(3);
        if (rest.StartsWith("Program Files", StringComparison.OrdinalIgnoreCase)) return true;
        if (!rest.StartsWith("Windows\\", StringComparison.OrdinalIgnoreCase)) return false;
        rest = rest["Windows\\".Length..];
        foreach (var folder in Writable)
        {
            if (rest.StartsWith(folder, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static string? First(CapturedEvent captured, string[] names)
    {
        foreach (var name in names)
        {
            foreach (var field in captured.Named(name))
            {
                if (field.Value.Length > 1) return field.Value;
            }
        }

        return null;
    }
}
