using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Vigie.Engine.Events;

namespace Vigie.Tests.Formats;

/// <summary>
/// For which of the log sources that public rules name there is a format that gives events of them. The list of those
/// without one is in <c>docs/formats.md</c>; it is only to change knowingly.
/// </summary>
public sealed class LogSourceCoverageTests
{
    // Product, service, category. Programs whose logs have no form of their own: the operator names the source.
    private static readonly string[] NamedByTheOperator =
    [
        "jvm//application", "spring//application", "sql//application", "python//application", "velocity//application", "django//application",
        "nodejs//application", "ruby_on_rails//application", "qualys//",
    ];

    // No format gives these.
    private static readonly string[] NotRead = ["rpc_firewall//application", "paloalto/globalprotect/file_event"];

    // Network devices: the service is the facility that a message names, so the class is made when one is seen.
    private static readonly string[] MadeWhenSeen = ["cisco/syslog/", "cisco/ldp/", "cisco/bgp/", "huawei/bgp/"];

    [Fact]
    public void Every_log_source_of_the_public_rules_is_read_or_known_not_to_be()
    {
        var classes = ClassesOfAllFormats();
        var missing = SourcesOfRules(ExternalData.Require("sigma")).Where(s => !classes.Any(c => Covers(c, s))).Order(StringComparer.Ordinal);
        Assert.Equal(NamedByTheOperator.Concat(NotRead).Concat(MadeWhenSeen).Order(StringComparer.Ordinal), missing);
    }

    // In a context of its own, because classes are kept for the whole process and other tests make some too.
    private static List<(string[] Products, string[] Services, string[] Categories)> ClassesOfAllFormats()
    {
        var context = new AssemblyLoadContext("coverage");
        var engine = context.LoadFromAssemblyPath(typeof(EventClass).Assembly.Location);
        foreach (var type in engine.GetTypes().Where(t => t.Namespace?.StartsWith("Vigie.Engine.Formats", StringComparison.Ordinal) == true && !t.ContainsGenericParameters))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        var eventClass = engine.GetType(typeof(EventClass).FullName!)!;
        var known = (IDictionary)eventClass.GetField("Known", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        return [.. known.Values.Cast<object>().Select(c => (Terms(c, nameof(EventClass.Products)), Terms(c, nameof(EventClass.Services)), Terms(c, nameof(EventClass.Categories))))];
    }

    private static string[] Terms(object eventClass, string property) =>
        [.. ((IEnumerable)eventClass.GetType().GetProperty(property)!.GetValue(eventClass)!).Cast<string>()];

    private static bool Covers((string[] Products, string[] Services, string[] Categories) known, string source)
    {
        var parts = source.Split('/');
        return Has(known.Products, parts[0]) && Has(known.Services, parts[1]) && Has(known.Categories, parts[2]);
    }

    private static bool Has(string[] terms, string wanted) => wanted.Length == 0 || terms.Contains(wanted, StringComparer.OrdinalIgnoreCase);

    private static SortedSet<string> SourcesOfRules(string folder)
    {
        var sources = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateDirectories(folder, "rules*").SelectMany(d => Directory.EnumerateFiles(d, "*.yml", SearchOption.AllDirectories)))
        {
            var lines = File.ReadAllLines(file);
            for (var i = Array.FindIndex(lines, l => l.StartsWith("logsource:", StringComparison.Ordinal)); i >= 0; i = Array.FindIndex(lines, i + 1, l => l.StartsWith("logsource:", StringComparison.Ordinal)))
            {
                var terms = lines.Skip(i + 1).TakeWhile(l => l.StartsWith(' ')).Select(l => l.Split('#')[0].Split(':', 2, StringSplitOptions.TrimEntries)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
                sources.Add($"{terms.GetValueOrDefault("product")}/{terms.GetValueOrDefault("service")}/{terms.GetValueOrDefault("category")}");
            }
        }

        return sources;
    }
}
