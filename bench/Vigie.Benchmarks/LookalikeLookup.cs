using BenchmarkDotNet.Attributes;
using Vigie.Engine.Lookalikes;

namespace Vigie.Benchmarks;

/// <summary>
/// One question to an index over 100,000 protected names. Budget: 20 µs at the 99th percentile of mixed questions
/// (<c>vigie eval lookalikes</c> measures that), so each of these has to stay well below; 150 MB for the index.
/// </summary>
[MemoryDiagnoser]
public class LookalikeLookup
{
    private const int Names = 100_000;
    private const int Seed = 7;

    private LookalikeIndex _index = null!;

    /// <summary>A stranger, a slip, a slip below a host name, a name within a longer one, another alphabet.</summary>
    [Params("completely-unrelated.org", "amry.mil", "mail.army.ml", "army-login.com", "xn--rmy-5cd.mil")]
    public string Suspect { get; set; } = "";

    /// <summary>Builds the index.</summary>
    [GlobalSetup]
    public void Build() => _index = LookalikeIndex.Build(Made().Append("army.mil").Select(name => new ProtectedName(name, ProtectedOrigin.Correspondent, "benchmark")));

    /// <summary>Asks.</summary>
    [Benchmark]
    public int Find() => _index.Find(Suspect).Count;

    private static HashSet<string> Made()
    {
        string[] parts = ["bel", "cor", "dis", "gan", "kal", "len", "mar", "net", "pol", "ris", "sol", "tek", "ton", "ver", "zan", "ba", "do", "fi", "ga", "ko"];
        string[] endings = ["com", "org", "net", "fr", "ml", "sn", "co.uk", "gov.ml"];
        var random = new Random(Seed);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (names.Count < Names)
            names.Add($"{parts[random.Next(parts.Length)]}{parts[random.Next(parts.Length)]}{parts[random.Next(parts.Length)]}{parts[random.Next(parts.Length)]}.{endings[random.Next(endings.Length)]}");
        return names;
    }
}
