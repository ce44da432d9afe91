using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Vigie.Commands;
using Vigie.Operations;

namespace Vigie.Tests.Architecture;

/// <summary>The rules of the house that a reader would otherwise have to keep in mind.</summary>
public sealed partial class HouseTests
{
    private const int LongestFile = 700;

    [Fact]
    public void No_file_of_code_is_too_long_to_be_one_idea() =>
        Breaches.None(((string[])["src", "test", "bench"]).SelectMany(folder => Repository.Files(folder, ".cs", ".razor", ".css", ".sql"))
            .Select(file => (File: file, Lines: File.ReadLines(Repository.Combine(file)).Count()))
            .Where(f => f.Lines > LongestFile));

    [Fact]
    public void No_folder_has_a_name_that_says_nothing()
    {
        string[] empty = ["Common", "Shared", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Managers", "Misc"];
        var folders = ((string[])["src", "test", "bench"]).SelectMany(folder => Repository.Files(folder)).SelectMany(file => file.Split('/')[..^1]).Distinct(StringComparer.Ordinal).ToList();
        Assert.Contains("Operations", folders);
        Breaches.None(folders.Intersect(empty, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_package_has_its_reason_beside_it()
    {
        var props = XDocument.Parse(Repository.Read("Directory.Packages.props"));
        var packages = props.Descendants("PackageVersion").ToList();
        Assert.NotEmpty(packages);
        // One reason may stand above several packages that belong together.
        Breaches.None(packages.Where(package => !package.NodesBeforeSelf().OfType<XComment>().Any()).Select(package => (string?)package.Attribute("Include")));
        foreach (var package in packages)
            Assert.True(Precedes(package), $"{package.Attribute("Include")?.Value} has no comment above it");

        static bool Precedes(XElement package)
        {
            for (var node = package.PreviousNode; node is not null; node = node.PreviousNode)
            {
                if (node is XComment) return true;
                if (node is XElement { Name.LocalName: not "PackageVersion" }) return false;
            }

            return false;
        }
    }

    [Fact]
    public void Every_log_message_has_an_id_of_its_own()
    {
        var ids = typeof(LogMessages).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => (method.Name, Id: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(m => m.Id is not null).ToList();
        Assert.NotEmpty(ids);
        Breaches.None(ids.GroupBy(m => m.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(m => m.Name))}"));
    }

    [Fact]
    public void Every_setting_is_explained_in_the_settings_guide()
    {
        var guide = Repository.Read("docs", "settings.md");
        var keys = Settings.KnownKeys();
        Assert.Contains("console.listen", keys);
        Breaches.None(keys.Where(key => !guide.Contains($"`{key}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_settings_guide_explains_no_setting_that_is_gone()
    {
        var keys = Settings.KnownKeys().ToHashSet(StringComparer.Ordinal);
        var explained = SettingRow().Matches(Repository.Read("docs", "settings.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(explained);
        // Settings of list items ("domains.feeds[].url") are known only where a list is.
        Breaches.None(explained.Where(key => !keys.Contains(key) && !key.Contains("[]", StringComparison.Ordinal) && IsRead(key)));

        bool IsRead(string key) => keys.Any(known => known.Split('.')[0] == key.Split('.')[0]);
    }

    [Fact]
    public void Every_verb_is_in_the_command_guide()
    {
        var guide = Repository.Read("docs", "commands.md");
        Breaches.None(Verbs().Where(verb => !guide.Contains($"## `vigie {verb.Name}`", StringComparison.Ordinal)).Select(verb => verb.Name));
    }

    [Fact]
    public void Every_verb_shows_how_it_is_used() =>
        Breaches.None(Verbs().Where(verb => CommandExamples.Of(verb.Command).Count == 0).Select(verb => verb.Name));

    [Fact]
    public void Every_verb_and_option_says_what_it_does()
    {
        Breaches.None(Verbs().Where(verb => string.IsNullOrWhiteSpace(verb.Command.Description)).Select(verb => verb.Name));
        Breaches.None(Verbs().SelectMany(verb => verb.Command.Options.Where(option => string.IsNullOrWhiteSpace(option.Description)).Select(option => $"{verb.Name} {option.Name}")));
    }

    [Fact]
    public void Comments_carry_no_unfinished_business() =>
        Breaches.None(((string[])["src", "test", "bench"]).SelectMany(folder => Repository.Files(folder, ".cs", ".razor"))
            .Where(file => !file.EndsWith("HouseTests.cs", StringComparison.Ordinal) && Unfinished().IsMatch(Repository.Read(file))));

    private static List<(string Name, Command Command)> Verbs()
    {
        var verbs = Leaves(VigieCommand.Create(), "").ToList();
        Assert.Contains(verbs, verb => verb.Name == "config check");
        return verbs;
    }

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0 ? [(path, command)] : command.Subcommands.SelectMany(sub => Leaves(sub, path.Length == 0 ? sub.Name : $"{path} {sub.Name}"));

    [GeneratedRegex(@"^\| `([a-zA-Z.\[\]]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"//.*\b(TODO|FIXME|HACK|XXX)\b|^\s*#region", RegexOptions.Multiline)]
    private static partial Regex Unfinished();
}
