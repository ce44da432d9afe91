using System.Diagnostics;
using System.Globalization;
using Vigie.Engine.Lookalikes;

namespace Vigie.Commands.Eval;

/// <summary>How fast the index answers and how large it is.</summary>
/// <param name="Names">How many names are protected.</param>
/// <param name="RealNames">How many of them are real ones; the others are made of parts of real ones, or of our own words.</param>
/// <param name="Megabytes">What the index adds to the managed heap, in units of 10^6 bytes.</param>
/// <param name="BuildSeconds">How long building took.</param>
/// <param name="Queries">How many different names were asked.</param>
/// <param name="Answered">How many of them imitate some protected name.</param>
/// <param name="Median">Microseconds; of each query the fastest of several runs counts, so that what other processes took is not counted.</param>
/// <param name="P99">The same, 99th percentile.</param>
/// <param name="P999">The same, 99.9th percentile.</param>
/// <param name="Slowest">The same, maximum.</param>
internal sealed record LookupFigure(int Names, int RealNames, double Megabytes, double BuildSeconds, int Queries, int Answered, double Median, double P99, double P999, double Slowest);

/// <summary>Measures <see cref="LookalikeIndex.Find"/> over 100,000 protected names.</summary>
internal static class LookupSpeed
{
    private const int Protected = 100_000;
    private const int QueriesOfAKind = 5_000;
    private const int Runs = 7;
    private const int Seed = 20260821;

    private static readonly string[] Endings = ["com", "com", "com", "com", "org", "net", "fr", "de", "ml", "sn", "ci", "co.uk", "gov.ml", "gouv.fr", "org", "io", "eu", "int"];
    private static readonly string[] Beside = ["-login", "online", "-support", "secure", "-kp", "shop24"];
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <param name="realNames">Real domains, of which two thirds become protected and the others are asked about; may be empty.</param>
    /// <param name="progress">Where to say what is being done.</param>
    /// <param name="ct">Ends the measurement early.</param>
    public static LookupFigure Measure(IEnumerable<string> realNames, TextWriter progress, CancellationToken ct)
    {
        var random = new Random(Seed);
        var real = realNames.Select(Normalized).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        random.Shuffle(real);
        var known = real[..Math.Min(real.Length * 2 / 3, Protected)];
        var words = Words(real);
        var names = known.ToHashSet(StringComparer.Ordinal);
        while (names.Count < Protected) names.Add(Made(random, words));
        var queries = Queries(random, [.. names], real[known.Length..], words);

        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Building an index over {names.Count} names, {known.Length} of them real…"));
        var guarded = names.Select(name => new ProtectedName(name, ProtectedOrigin.Correspondent, "evaluation")).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var building = Stopwatch.StartNew();
        var index = LookalikeIndex.Build(guarded);
        var built = building.Elapsed.TotalSeconds;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(guarded);

        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Asking {queries.Length} names {Runs} times…"));
        var times = Times(index, queries, out var answered, ct);
        return new LookupFigure(index.Count, known.Length, bytes / 1e6, built, queries.Length, answered, At(times, 0.5), At(times, 0.99), At(times, 0.999), times[^1]);
    }

    private static double[] Times(LookalikeIndex index, string[] queries, out int answered, CancellationToken ct)
    {
        var times = new double[queries.Length];
        Array.Fill(times, double.MaxValue);
        answered = 0;
        for (var run = 0; run < Runs; run++)
        {
            ct.ThrowIfCancellationRequested();
            answered = 0;
            for (var i = 0; i < queries.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var found = index.Find(queries[i]);
                times[i] = Math.Min(times[i], Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                if (found.Count > 0) answered++;
            }
        }

        Array.Sort(times);
        return times;
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    // Names of strangers, slips in protected names, protected names within longer ones, and names nobody has.
    private static string[] Queries(Random random, string[] names, string[] strangers, string[] words)
    {
        var queries = strangers.Take(3 * QueriesOfAKind).ToList();
        for (var i = 0; i < QueriesOfAKind; i++)
        {
            var name = names[random.Next(names.Length)];
            queries.Add(Slipped(random, name));
            queries.Add("mail." + Slipped(random, name));
            queries.Add(name.Split('.')[0] + Beside[random.Next(Beside.Length)] + ".com");
            queries.Add(Made(random, words));
            queries.Add(new string([.. Enumerable.Range(0, random.Next(4, 16)).Select(_ => Letters[random.Next(Letters.Length)])]) + "." + Endings[random.Next(Endings.Length)]);
        }

        var valid = queries.Select(Normalized).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        random.Shuffle(valid);
        return valid;
    }

    private static string Slipped(Random random, string name)
    {
        var at = random.Next(name.Length - 1);
        return random.Next(4) switch
        {
            0 => name.Remove(at, 1),
            1 => name[..at] + Letters[random.Next(Letters.Length)] + name[(at + 1)..],
            2 => name[..at] + name[at + 1] + name[at] + name[(at + 2)..],
            _ => name[..at] + name[at] + name[at..],
        };
    }

    private static string Made(Random random, string[] words) =>
        words[random.Next(words.Length)] + (random.Next(3) == 0 ? "-" : "") + words[random.Next(words.Length)] + "." + Endings[random.Next(Endings.Length)];

    // Syllables where there are no real names: 100,000 different names need many parts.
    private static string[] Words(string[] real)
    {
        var labels = real.Select(name => name.Split('.')[0]).Where(label => label.Length is > 3 and < 9 && label.All(char.IsAsciiLetterLower)).Distinct(StringComparer.Ordinal).ToArray();
        if (labels.Length >= 1000) return labels;
        string[] starts = ["ba", "bo", "da", "di", "fo", "ga", "ka", "ko", "la", "ma", "mo", "na", "ni", "pa", "ra", "sa", "se", "ta", "to", "wa"];
        string[] ends = ["bel", "cor", "dis", "gan", "kal", "len", "mar", "net", "pol", "ris", "sol", "tek", "ton", "ver", "zan"];
        return [.. starts.SelectMany(start => starts.SelectMany(middle => ends.Select(end => start + middle + end)))];
    }

    private static string? Normalized(string name) =>
        DomainNames.TryNormalize(name, out var ascii, out _) && PublicSuffixes.Default.TrySplit(ascii, out var parts) && parts.Label.Length > 0 ? ascii : null;
}
