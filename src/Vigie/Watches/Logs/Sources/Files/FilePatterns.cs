using System.IO.Enumeration;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>
/// Finds the files that paths and patterns name: <c>*</c> and <c>?</c> within a name, <c>**</c> for any folders; a folder
/// means everything in it.
/// </summary>
internal static class FilePatterns
{
    /// <summary>The most files one source follows.</summary>
    public const int Most = 10_000;

    private static readonly EnumerationOptions Flat = new() { IgnoreInaccessible = true, AttributesToSkip = 0, ReturnSpecialDirectories = false };
    private static readonly EnumerationOptions Deep = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true, MaxRecursionDepth = 32 };

    /// <summary>The files there are now, each once, in no order.</summary>
    public static IReadOnlyCollection<string> Find(IEnumerable<string> patterns, IReadOnlyList<string> exclude)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            foreach (var file in FilesOf(pattern))
            {
                if (found.Count >= Most) return found;
                if (!exclude.Any(name => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(file), ignoreCase: false))) found.Add(file);
            }
        }

        return found;
    }

    private static IEnumerable<string> FilesOf(string pattern)
    {
        if (File.Exists(pattern)) return [pattern];
        if (Directory.Exists(pattern)) return Directory.EnumerateFiles(pattern, "*", Deep);
        if (!HasWildcard(pattern)) return [];
        var parts = pattern.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        return Walk(Path.GetPathRoot(pattern) is { Length: > 0 } root ? root : ".", parts);
    }

    private static IEnumerable<string> Walk(string folder, ReadOnlyMemory<string> parts)
    {
        var part = parts.Span[0];
        if (parts.Length == 1) return part == "**" ? Try(folder, f => Directory.EnumerateFiles(f, "*", Deep)) : Files(folder, part);
        var rest = parts[1..];
        if (part == "**") return Walk(folder, rest).Concat(Try(folder, f => Directory.EnumerateDirectories(f, "*", Deep)).SelectMany(inner => Walk(inner, rest)));
        if (!HasWildcard(part)) return Walk(Path.Combine(folder, part), rest);
        return Try(folder, f => Directory.EnumerateDirectories(f, part, Flat)).SelectMany(inner => Walk(inner, rest));
    }

    private static IEnumerable<string> Files(string folder, string name) =>
        HasWildcard(name) ? Try(folder, f => Directory.EnumerateFiles(f, name, Flat)) : File.Exists(Path.Combine(folder, name)) ? [Path.Combine(folder, name)] : [];

    private static IReadOnlyList<string> Try(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return Directory.Exists(folder) ? [.. list(folder)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool HasWildcard(string text) => text.AsSpan().ContainsAny('*', '?');
}
