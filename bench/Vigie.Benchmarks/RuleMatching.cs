using System.Text;
using BenchmarkDotNet.Attributes;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Benchmarks;

/// <summary>
/// One event against many rules. Budget: 2 µs for an event of a kind seen before, whatever the number of rules, and no
/// allocation; <c>vigie eval sigma-speed</c> measures real rules over real logs.
/// </summary>
[MemoryDiagnoser]
public class RuleMatching
{
    private const int Commands = 512;

    private readonly EventClass _class = EventClass.Of(["windows"], ["sysmon"], ["process_creation"]);
    private RuleMatcher _matcher = null!;
    private EventRecord[] _events = [];
    private int _next;

    /// <summary>How many rules there are.</summary>
    [Params(1_000, 10_000)]
    public int Rules { get; set; }

    /// <summary>Compiles the rules and makes the events; each command line is seen again after 512 others.</summary>
    [GlobalSetup]
    public void Build()
    {
        var set = RuleSet.Compile(Enumerable.Range(0, Rules).Select(Rule));
        _matcher = set.CreateMatcher();
        _events = [.. Enumerable.Range(0, Commands).Select(i => Event(set, $@"C:\Program Files\Tool{i}\service.exe --run --config C:\ProgramData\Tool{i}\settings.json --id {i * 7919}"))];
        foreach (var record in _events) _matcher.Match(record);
    }

    /// <summary>Matches one event.</summary>
    [Benchmark]
    public int Match() => _matcher.Match(_events[_next++ % Commands]).Length;

    private SigmaRule Rule(int i) => new()
    {
        Id = $"rule-{i}",
        Title = $"Rule {i}",
        Level = Severity.Medium,
        Source = new LogSource("windows", "process_creation", null),
        Conditions = [new Term.And([Text("Image", $@"*\imagined{i % 100}.exe"), Text("CommandLine", $"* -option{i} *"), new Term.Not(Text("User", "*service*"))])],
        File = "bench.yml",
        Line = 1,
        Version = "0",
    };

    private static Term.Field Text(string field, string pattern) => new(field, new ValueTest.Text(TextPattern.Parse(pattern.Replace(@"\", @"\\", StringComparison.Ordinal)), false), 1);

    private EventRecord Event(RuleSet set, string commandLine)
    {
        var record = new EventRecord(set.Fields);
        record.Begin([], 0);
        record.Class = _class;
        record.AddDerived("Image", FieldKind.String, "C:\\Program Files\\Common\\service.exe"u8);
        record.AddDerived("CommandLine", FieldKind.String, Encoding.UTF8.GetBytes(commandLine));
        record.AddDerived("User", FieldKind.String, "CORP\\someone"u8);
        return record;
    }
}
