using System.Text.RegularExpressions;

namespace Vigie.Tests.Architecture;

/// <summary>The seams of the design: watches stand beside each other, and the shared tail knows none of them.</summary>
public sealed partial class LayeringTests
{
    // The composition (Program, Node, Commands) names watches, and so do the two files that join all parts on purpose:
    // the settings record, and the list of log messages.
    private static readonly string[] Tail = ["Incidents", "Response", "Sharing", "Governance", "Console", "Store", "Cluster", "Operations"];
    private static readonly string[] Joins = ["src/Vigie/Operations/Settings.cs", "src/Vigie/Operations/LogMessages.cs"];

    public static TheoryData<string> Watches() =>
        [.. Directory.EnumerateDirectories(Repository.Combine("src", "Vigie", "Watches")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Watches))]
    public void A_watch_names_no_other_watch(string watch) =>
        Breaches.None(Named($"src/Vigie/Watches/{watch}").Where(named => named.Watch != watch));

    [Fact]
    public void The_tail_names_no_watch() =>
        Breaches.None(Tail.SelectMany(part => Named("src/Vigie/" + part)).Where(named => !Joins.Contains(named.File, StringComparer.Ordinal)));

    [Fact]
    public void The_engine_names_no_part_of_the_node() =>
        Breaches.None(Repository.Files("src/Vigie.Engine", ".cs").Where(file => NodeNamespace().IsMatch(Repository.Read(file))));

    [Fact]
    public void The_scan_itself_finds_what_it_looks_for()
    {
        Assert.Contains(Named("src/Vigie/Operations"), named => named is { File: "src/Vigie/Operations/Settings.cs", Watch: "Mail" });
        Assert.True(Watches().Count >= 2);
    }

    private static IEnumerable<(string File, string Watch)> Named(string folder) =>
        from file in Repository.Files(folder, ".cs", ".razor")
        from Match match in WatchNamespace().Matches(Repository.Read(file))
        select (file, match.Groups[1].Value);

    // A property of that name ("incident.Watches.Select") is not the namespace.
    [GeneratedRegex(@"(?<![\w.])(?:Vigie\.)?Watches\.([A-Z]\w*)")]
    private static partial Regex WatchNamespace();

    [GeneratedRegex(@"using Vigie\.(?!Engine\b)")]
    private static partial Regex NodeNamespace();
}
