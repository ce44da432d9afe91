using System.Text;
using BenchmarkDotNet.Attributes;
using Vigie.Engine.Lookalikes;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Benchmarks;

/// <summary>
/// Reading and matching one line of a feed against 10,000 protected names. Budget: 20 µs a name, so that one core keeps
/// up with the certificates of the whole world (some 500 names a second) a hundred times over.
/// </summary>
[MemoryDiagnoser]
public class FeedThroughput
{
    private const int Lines = 1000;

    private readonly LineNames _names = new();
    private byte[][] _list = [];
    private byte[][] _certificates = [];
    private ProtectedLookup _lookup = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        IReadOnlyList<ProtectedName> names = [.. Enumerable.Range(0, 10_000).Select(i => new ProtectedName($"{Word(random)}{i}.com", ProtectedOrigin.Own, "bench"))];
        _lookup = new ProtectedLookup(() => names, FeedTargets.All);
        _lookup.Find("army.ml");
        string[] domains = [.. Enumerable.Range(0, Lines).Select(_ => $"{Word(random)}-{Word(random)}.{(random.Next(2) == 0 ? "com" : "co.uk")}")];
        _list = [.. domains.Select(Encoding.UTF8.GetBytes)];
        _certificates = [.. domains.Select(d => Encoding.UTF8.GetBytes($$$"""{"message_type":"certificate_update","data":{"leaf_cert":{"subject":{"CN":"{{{d}}}"},"all_domains":["{{{d}}}"],"extensions":{"keyUsage":"Digital Signature"}},"seen":1700000000.5}}"""))];
    }

    [Benchmark(OperationsPerInvoke = Lines, Description = "list, one name")]
    public int List() => Run(new ListFormat(), _list);

    [Benchmark(OperationsPerInvoke = Lines, Description = "certificate, one name")]
    public int Certificates() => Run(new CertificateFormat(), _certificates);

    private int Run(INameFormat format, byte[][] lines)
    {
        var found = 0;
        foreach (var line in lines)
        {
            _names.Clear();
            format.Read(line, false, _names);
            foreach (var name in _names.Names) found += _lookup.Find(name)?.Count ?? 0;
        }

        return found;
    }

    private static string Word(Random random) => string.Create(random.Next(4, 10), random, static (span, r) =>
    {
        foreach (ref var c in span) c = (char)('a' + r.Next(26));
    });
}
