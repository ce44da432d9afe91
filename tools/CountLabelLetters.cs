#:project ../src/Vigie.Engine/Vigie.Engine.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
// Counts which character follows which in registrable labels, and writes the table from which the judge tells a label
// that somebody would choose from one that fingers make. It holds about 1,600 rounded frequencies and no name.
// Only the first half of each list (by the hash that the evaluation uses) is counted, so that the second half can
// still say how good the guard is. Run from the repository's root, review the difference, commit it:
//
//   dotnet run tools/CountLabelLetters.cs -- LIST.json...
//
// The lists are JSON warning lists of misp-warninglists (CC0): Tranco, Majestic, Cisco, universities, banks.

using System.Globalization;
using System.Text.Json;
using Vigie.Engine.Lookalikes;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: dotnet run tools/CountLabelLetters.cs -- LIST.json...");
    return 2;
}

const string Target = "src/Vigie/Protection/label-letters.txt";
const string Signs = "abcdefghijklmnopqrstuvwxyz0-"; // 0 stands for every digit
const int Acronym = 4;

var domains = new SortedSet<string>(StringComparer.Ordinal);
foreach (var file in args)
{
    using var document = JsonDocument.Parse(File.ReadAllBytes(file));
    foreach (var item in document.RootElement.GetProperty("list").EnumerateArray())
    {
        if (DomainNames.TryNormalize(item.GetString()!.TrimStart('.'), out var ascii, out _)
            && PublicSuffixes.Default.TrySplit(ascii, out var parts) && parts.Label.Length > 0
            && !parts.Label.StartsWith("xn--", StringComparison.Ordinal) && InFirstHalf(parts.Registrable))
            domains.Add(parts.Registrable);
    }
}

var labels = domains.Select(d => d[..d.IndexOf('.', StringComparison.Ordinal)]).ToList();
using var writer = new StreamWriter(Target) { NewLine = "\n" };
writer.WriteLine("# How often one character follows another in registrable labels: -100 log2 of the frequency, rounded.");
writer.WriteLine($"# Counted by tools/CountLabelLetters.cs over {labels.Count} labels of lists in misp-warninglists (CC0); do not edit.");
writer.WriteLine("# Rows: the character before ('^' at the start; '0' for any digit). Columns: " + Signs);
Write("short", labels.Where(label => label.Length <= Acronym));
Write("long", labels.Where(label => label.Length > Acronym));
return 0;

void Write(string name, IEnumerable<string> counted)
{
    var pairs = new double[Signs.Length + 1, Signs.Length];
    var single = new double[Signs.Length];
    foreach (var label in counted)
    {
        var before = Signs.Length;
        foreach (var c in label)
        {
            var sign = Signs.IndexOf(char.IsAsciiDigit(c) ? '0' : c, StringComparison.Ordinal);
            pairs[before, sign]++;
            single[sign]++;
            before = sign;
        }
    }

    // A pair nobody used is not impossible: fifteen more observations, spread as the single characters are.
    const double Prior = 15;
    var total = single.Sum() + Signs.Length;
    writer.WriteLine("= " + name);
    for (var before = 0; before <= Signs.Length; before++)
    {
        var seen = Enumerable.Range(0, Signs.Length).Sum(sign => pairs[before, sign]);
        var row = Enumerable.Range(0, Signs.Length).Select(sign =>
            Math.Round(-100 * Math.Log2((pairs[before, sign] + (Prior * (single[sign] + 1) / total)) / (seen + Prior))));
        writer.WriteLine((before == Signs.Length ? '^' : Signs[before]) + " " + string.Join(' ', row.Select(value => value.ToString(CultureInfo.InvariantCulture))));
    }
}

static bool InFirstHalf(string domain)
{
    var hash = 2166136261u;
    foreach (var c in domain) hash = (hash ^ c) * 16777619u;
    return (hash & 1) == 0;
}
