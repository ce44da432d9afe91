using System.Security.Cryptography;
using System.Text;

namespace Vigie.Watches.Logs.Rules;

/// <summary>A file of rules, as it lies on the disk.</summary>
/// <param name="Path">Where.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Written">When it was last written, in ticks UTC.</param>
internal readonly record struct RuleFile(string Path, long Size, long Written);

/// <summary>Finds the rule files of files and folders.</summary>
internal static class RuleFiles
{
    /// <summary>The most files that are read; a folder with more is not a folder of rules.</summary>
    public const int Most = 50_000;

    private static readonly EnumerationOptions Deep = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 24,
        IgnoreInaccessible = true,
        // A link could lead round in a circle; what begins with a dot is somebody's housekeeping.
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>The files of <paramref name="paths"/>, the first path's first, each file once, in the order of their names.</summary>
    /// <param name="paths">Files, and folders with files that end in .yml or .yaml. What does not exist is reported.</param>
    /// <param name="missing">Is told of paths that are not there or cannot be read.</param>
    public static IReadOnlyList<RuleFile> Find(IEnumerable<string> paths, Action<string, string> missing)
    {
        var files = new List<RuleFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            try
            {
                foreach (var file in FilesOf(path).Where(file => seen.Add(file.Path)))
                {
                    if (files.Count == Most)
                    {
                        missing(path, $"holds more than {Most} rule files; the rest is left");
                        return files;
                    }

                    files.Add(file);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                missing(path, e.Message);
            }
        }

        return files;
    }

    /// <summary>A hash that changes when a file is added, removed or written.</summary>
    public static string FingerprintOf(IEnumerable<RuleFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\0{file.Size}\0{file.Written}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static List<RuleFile> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            var file = new FileInfo(path);
            return file.Exists ? [Of(file)] : throw new FileNotFoundException($"{path} does not exist");
        }

        return new DirectoryInfo(path).EnumerateFiles("*", Deep).Where(file => IsRule(file.Name)).Select(Of).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
    }

    private static bool IsRule(string name) => name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase);

    private static RuleFile Of(FileInfo file) => new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks);
}
