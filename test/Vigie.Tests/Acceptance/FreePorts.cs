namespace Vigie.Tests.Acceptance;

/// <summary>Makes a node's settings take free ports, so that test runs beside each other never meet.</summary>
internal static class FreePorts
{
    private static readonly (string Section, string Listen)[] Listeners = [("console", "  listen: 127.0.0.1:0")];

    /// <summary>Adds "port 0" to each section that listens and does not say where.</summary>
    public static string AddTo(string yaml)
    {
        var lines = yaml.ReplaceLineEndings("\n").Split('\n').ToList();
        foreach (var (section, listen) in Listeners)
        {
            var at = lines.FindIndex(l => l.TrimEnd() == section + ":");
            if (at < 0) lines.AddRange([section + ":", listen]);
            else if (!lines.Skip(at + 1).TakeWhile(l => l.StartsWith(' ') || l.Length == 0).Any(l => l.TrimStart().StartsWith("listen:", StringComparison.Ordinal)))
                lines.Insert(at + 1, listen);
        }

        return string.Join('\n', lines);
    }
}
