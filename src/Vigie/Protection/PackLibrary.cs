namespace Vigie.Protection;

/// <summary>The packs of a folder, read together, so that a name which two packs claim is found.</summary>
public sealed class PackLibrary
{
    /// <summary>The largest pack file that is read.</summary>
    public const int MaxFileBytes = 4_000_000;

    private PackLibrary(IReadOnlyList<Pack> packs, IReadOnlyList<PackProblem> problems)
    {
        Packs = packs;
        Problems = problems;
    }

    /// <summary>The folder that comes with the program.</summary>
    public static string DefaultDirectory { get; } = Path.Combine(AppContext.BaseDirectory, "rules", "packs");

    /// <summary>The packs without problems, by id.</summary>
    public IReadOnlyList<Pack> Packs { get; }

    /// <summary>Everything wrong with the files, in the order of the files and of their lines.</summary>
    public IReadOnlyList<PackProblem> Problems { get; }

    /// <summary>Reads the packs of a folder (<c>*.yaml</c>).</summary>
    /// <param name="directory">The folder; where it is absent, that is the one problem.</param>
    /// <param name="ids">The packs wanted; null for all. One that is absent is a problem.</param>
    public static PackLibrary Load(string directory, IReadOnlyCollection<string>? ids = null)
    {
        var problems = new List<PackProblem>();
        var packs = new List<Pack>();
        foreach (var file in Files(directory, ids, problems))
        {
            if (ReadText(file, problems) is { } yaml && PackReader.Read(Path.GetFileName(file), yaml, problems) is { } pack)
                packs.Add(pack);
        }

        RefuseDuplicates(packs, problems);
        return new PackLibrary(packs, problems);
    }

    private static List<string> Files(string directory, IReadOnlyCollection<string>? ids, List<PackProblem> problems)
    {
        if (ids is not null)
        {
            var wanted = ids.Order(StringComparer.Ordinal).Select(id => Path.Combine(directory, id + ".yaml")).ToList();
            foreach (var absent in wanted.Where(file => !File.Exists(file)))
                problems.Add(new PackProblem(Path.GetFileName(absent), 0, "", $"is not in {directory}"));
            return [.. wanted.Where(File.Exists)];
        }

        if (Directory.Exists(directory)) return [.. Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal)];
        problems.Add(new PackProblem(directory, 0, "", "no such folder"));
        return [];
    }

    private static string? ReadText(string file, List<PackProblem> problems)
    {
        try
        {
            if (new FileInfo(file).Length <= MaxFileBytes) return File.ReadAllText(file);
            problems.Add(new PackProblem(Path.GetFileName(file), 0, "", $"is larger than {MaxFileBytes} bytes; that is not a pack"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new PackProblem(Path.GetFileName(file), 0, "", $"cannot be read: {e.Message}"));
        }

        return null;
    }

    private static void RefuseDuplicates(List<Pack> packs, List<PackProblem> problems)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pack in packs)
        {
            foreach (var name in pack.Names)
            {
                if (first.TryAdd(name.Domain, pack.Id)) continue;
                problems.Add(new PackProblem(pack.Id + ".yaml", name.Line, $"names.{name.Domain}", $"is already in {first[name.Domain]}.yaml; keep it in one pack"));
            }
        }
    }
}
