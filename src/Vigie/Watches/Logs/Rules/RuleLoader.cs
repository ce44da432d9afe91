using System.Text;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Filters;
using Vigie.Engine.Sigma.Matching;
using Vigie.Store;

namespace Vigie.Watches.Logs.Rules;

/// <summary>
/// Reads the files of a selection side by side and compiles what they hold. A file that cannot be read, and a rule that
/// cannot be compiled, is a problem with its file and line; the others are used.
/// </summary>
internal static class RuleLoader
{
    /// <summary>The largest file of rules that is read.</summary>
    public const long MaxFileBytes = 8_000_000;

    /// <summary>Reads and compiles. Takes seconds for thousands of files that are not in the cache.</summary>
    public static LoadedRules Load(RuleSelection selection, CancellationToken ct)
    {
        var problems = new List<SigmaProblem>();
        var files = Find(selection, problems);
        var fingerprint = Fingerprint(selection, files);
        var pipelines = RulePipelines.Load(selection, problems);
        selection = pipelines.Extend(selection);
        var documents = Read(selection, files, problems, ct);
        return Compile(selection, pipelines, documents, problems, files.Count, fingerprint);
    }

    /// <summary>What <see cref="LoadedRules.Fingerprint"/> would be now.</summary>
    public static string Fingerprint(RuleSelection selection) => Fingerprint(selection, Find(selection, []));

    private static string Fingerprint(RuleSelection selection, IReadOnlyList<RuleFile> files) =>
        RuleFiles.FingerprintOf(files.Concat(selection.Pipelines.Where(File.Exists).Select(path => new FileInfo(path)).Select(file => new RuleFile(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks))));

    private static IReadOnlyList<RuleFile> Find(RuleSelection selection, List<SigmaProblem> problems) =>
        RuleFiles.Find(
            selection.Paths.Where(path => !selection.Optional.Contains(path, StringComparer.Ordinal) || Path.Exists(path)),
            (path, why) => problems.Add(Problem(path, "file.not-read", why)));

    private static List<SigmaDocuments> Read(RuleSelection selection, IReadOnlyList<RuleFile> files, List<SigmaProblem> problems, CancellationToken ct)
    {
        var key = RuleCache.KeyOf(Migrator.Program, selection.Placeholders);
        var cacheFile = selection.CacheDirectory is { } folder ? Path.Combine(folder, "rules.bin") : null;
        var cache = cacheFile is null ? new RuleCache() : RuleCache.Load(cacheFile, key);
        var options = selection.ReaderOptions;
        var read = new SigmaDocuments[files.Count];
        var fresh = 0;
        Parallel.For(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct }, i =>
        {
            if (cache.Find(files[i]) is { } kept)
            {
                read[i] = new SigmaDocuments(kept.Rules, [], [], kept.Problems);
                return;
            }

            read[i] = Read(files[i], options);
            Interlocked.Increment(ref fresh);
        });

        if (fresh > 0 && cacheFile is not null) Keep(cache, cacheFile, key, files, read, problems);
        return [.. read];
    }

    private static SigmaDocuments Read(RuleFile file, SigmaReaderOptions options)
    {
        if (file.Size > MaxFileBytes) return Unreadable(file.Path, $"is larger than {MaxFileBytes} bytes; that is not a rule file");
        try
        {
            return SigmaReader.Read(File.ReadAllText(file.Path, Encoding.UTF8), file.Path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(file.Path, e.Message);
        }
    }

    // Correlations and filters refer to what other files hold; the few files that have them are read each time.
    private static void Keep(RuleCache cache, string cacheFile, string key, IReadOnlyList<RuleFile> files, SigmaDocuments[] read, List<SigmaProblem> problems)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (read[i] is { Correlations.IsEmpty: true, Filters.IsEmpty: true } && !read[i].Problems.Any(p => p.Code == "file.not-read"))
                cache.Add(new RuleCache.Entry(files[i], read[i].Rules, read[i].Problems));
        }

        try
        {
            cache.Save(cacheFile, key, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(Problem(cacheFile, "cache.not-written", e.Message) with { IsError = false });
        }
    }

    private static LoadedRules Compile(RuleSelection selection, RulePipelines pipelines, List<SigmaDocuments> documents, List<SigmaProblem> problems, int files, string fingerprint)
    {
        problems.AddRange(documents.SelectMany(d => d.Problems));
        var read = Distinct(documents.SelectMany(d => d.Rules), problems);
        var filters = FilterSet.Read(read, documents.SelectMany(d => d.Filters), selection.ReaderOptions);
        problems.AddRange(filters.Problems);
        var filtered = filters.Filters.IsEmpty ? read : read.ConvertAll(filters.Apply);
        var (rules, correlations) = pipelines.Apply(filtered, Correlations(documents, problems), problems);
        problems.AddRange(correlations.Problems);
        var set = RuleSet.Compile(rules, new RuleSetOptions { Fields = [.. EventIdentity.Fields, .. correlations.RequiredFields], Clock = selection.Clock });
        problems.AddRange(set.Problems.Select(p => new SigmaProblem(set.Rules[p.Rule].File, set.Rules[p.Rule].Line, p.Code, p.Message, IsError: true)));
        return new LoadedRules(set, correlations, [.. problems], files, fingerprint);
    }

    private static List<CorrelationRule> Correlations(List<SigmaDocuments> documents, List<SigmaProblem> problems) =>
        [.. documents.SelectMany(d => d.Correlations).Select(document => CorrelationReader.Read(document, problems)).OfType<CorrelationRule>()
            .DistinctBy(correlation => correlation.Id, StringComparer.OrdinalIgnoreCase)];

    // The first counts: paths are given in the order of who has the last word.
    private static List<SigmaRule> Distinct(IEnumerable<SigmaRule> rules, List<SigmaProblem> problems)
    {
        var known = new Dictionary<string, SigmaRule>(StringComparer.OrdinalIgnoreCase);
        var distinct = new List<SigmaRule>();
        foreach (var rule in rules)
        {
            if (known.TryAdd(rule.Id, rule))
            {
                distinct.Add(rule);
                continue;
            }

            var first = known[rule.Id];
            if (first.Version == rule.Version) continue;
            problems.Add(new SigmaProblem(rule.File, rule.Line, "rule.replaced", new Bilingual(
                $"The rule has the id of {first.File}:{first.Line}, which is used instead.",
                $"La règle a l'identifiant de {first.File}:{first.Line}, qui est utilisée à sa place."), IsError: false));
        }

        return distinct;
    }

    private static SigmaDocuments Unreadable(string file, string why) => new([], [], [], [Problem(file, "file.not-read", why)]);

    private static SigmaProblem Problem(string file, string code, string why) =>
        new(file, 1, code, new Bilingual($"It is not read: {why}", $"Il n'est pas lu : {why}"), IsError: true);
}
