using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

/// <summary>Reads the files of <c>battery/</c>; their format is described there.</summary>
internal static class Battery
{
    private static readonly string[] OfTheirOwn = ["correlation-", "filter-", "pipeline-"];

    /// <summary>The folder beside the tests.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Sigma", "battery");

    /// <summary>Every case of every file about single rules, in the order of the files' names.</summary>
    public static IEnumerable<BatteryCase> Cases() => Directory.EnumerateFiles(Folder, "*.yaml")
        .Where(f => !Array.Exists(OfTheirOwn, begin => Path.GetFileName(f).StartsWith(begin, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal)
        .SelectMany(Read);

    private static IEnumerable<BatteryCase> Read(string file)
    {
        var problems = new List<SigmaProblem>();
        var name = Path.GetFileNameWithoutExtension(file);
        var text = File.ReadAllText(file);
        var documents = SigmaYaml.Read(text, file, problems);
        if (problems.Count > 0) throw new InvalidDataException(string.Join('\n', problems));
        foreach (var item in ((SigmaList)documents.Single().Root["cases"]!).Items.Cast<SigmaMap>())
        {
            yield return new BatteryCase(
                $"{name}: {item["name"]?.Text}",
                item["spec"]?.Text ?? "",
                item["rule"]?.Text ?? Wrap((SigmaMap)item["detection"]!, text),
                Placeholders(item["placeholders"] as SigmaMap),
                Events(item["match"]),
                Events(item["miss"]),
                item["refused"]?.Text,
                item["warns"]?.Text);
        }
    }

    // The detection is cut out of the file as it stands, so that the reader under test sees what was written.
    private static string Wrap(SigmaMap detection, string text)
    {
        var lines = text.Split('\n');
        var first = detection.Entries[0].Line - 1;
        var indent = Indent(lines[first]);
        var rule = new StringBuilder("title: Battery\nid: 0d3a3c5c-54a6-4f6c-8f3a-0a5c9c1d7e10\nlogsource:\n    category: battery\ndetection:\n");
        for (var i = first; i < lines.Length && (lines[i].Trim().Length == 0 || Indent(lines[i]) >= indent); i++) rule.Append(lines[i].TrimEnd('\r')).Append('\n');
        return rule.ToString();
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static ImmutableArray<SigmaMap> Events(SigmaNode? list) => list is SigmaList events ? [.. events.Items.Cast<SigmaMap>()] : [];

    private static SigmaReaderOptions Placeholders(SigmaMap? values) => values is null ? SigmaReaderOptions.None : new SigmaReaderOptions
    {
        Placeholders = values.Entries.ToImmutableDictionary(e => e.Name, e => SigmaHeader.Texts(e.Value)),
    };
}

/// <summary>One case of the battery.</summary>
internal sealed record BatteryCase(
    string Name,
    string Specification,
    string Rule,
    SigmaReaderOptions Options,
    ImmutableArray<SigmaMap> Match,
    ImmutableArray<SigmaMap> Miss,
    string? Refused,
    string? Warns)
{
    public override string ToString() => Name;
}
