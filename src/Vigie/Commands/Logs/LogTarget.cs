namespace Vigie.Commands.Logs;

/// <summary>A file to be scanned.</summary>
/// <param name="Path">As found.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="IsNamed">Whether the operator named the file itself rather than a folder it lies in: then it has to be a log.</param>
internal sealed record LogTarget(string Path, long Bytes, bool IsNamed)
{
    /// <summary>The files of paths, folders with all that lies in them, each file once, in the order of the paths and then of names.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="missing">Is told of every path that is not there or cannot be listed.</param>
    public static IReadOnlyList<LogTarget> Under(IEnumerable<string> paths, Action<string, string> missing)
    {
        var targets = new List<LogTarget>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (File.Exists(path)) Add(path, isNamed: true);
            else if (Directory.Exists(path)) AddFolder(path);
            else missing(path, "there is no such file or folder");
        }

        return targets;

        void AddFolder(string folder)
        {
            try
            {
                var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
                foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options).OrderBy(entry => entry.Name, StringComparer.Ordinal))
                {
                    var path = System.IO.Path.Combine(folder, entry.Name);
                    // A link may lead back up; a folder behind one is scanned where it is named itself.
                    if (entry is DirectoryInfo) { if (entry.LinkTarget is null) AddFolder(path); }
                    else Add(path, isNamed: false);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                missing(folder, e.Message);
            }
        }

        void Add(string path, bool isNamed)
        {
            if (seen.Add(System.IO.Path.GetFullPath(path))) targets.Add(new LogTarget(path, LengthOf(path), isNamed));
        }
    }

    private static long LengthOf(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
