using System.Globalization;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>Which files a source follows, and what became of each: by inode, and where that changed, by its beginning.</summary>
internal sealed class FollowedFiles : IDisposable
{
    // Files that are gone are remembered for as long as a packed copy of them may turn up.
    private const int MostGone = 500;

    private readonly LogSourceState _source;
    private readonly List<FollowedFile> _files = [];
    private readonly Dictionary<string, (FileId Id, long Size, long Written)> _copies = new(StringComparer.Ordinal);
    private readonly List<string> _forgotten = [];
    private HashSet<FollowedFile> _present = [];
    private int _next;
    private bool _isFirstLook;

    public FollowedFiles(LogSourceState source, IReadOnlyList<(string Name, FilePosition Position)> saved)
    {
        _source = source;
        _isFirstLook = saved.Count == 0;
        foreach (var (name, position) in saved)
        {
            _files.Add(new FollowedFile(source, name, position));
            if (int.TryParse(name.AsSpan(name.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) _next = Math.Max(_next, number + 1);
        }
    }

    /// <summary>What is wrong with the source's paths; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Bytes not yet read.</summary>
    public long Behind => _present.Sum(file => file.Behind);

    /// <summary>What the names of a source's positions begin with.</summary>
    public static string Prefix(string source) => $"logs.file:{source}:";

    /// <summary>Looks at what lies where the settings point, and finds every known file again, wherever it went.</summary>
    public void Look()
    {
        var paths = FilePatterns.Find(_source.Settings.Paths, _source.Settings.Exclude);
        Problem = paths.Count == 0 ? $"no file matches {string.Join(", ", _source.Settings.Paths)}" : paths.Count >= FilePatterns.Most ? $"more than {FilePatterns.Most} files; the rest is left" : null;
        var seen = new HashSet<FollowedFile>();
        var strangers = new List<(string Path, FileId Id)>();
        foreach (var path in paths)
        {
            var id = FileId.Of(path);
            var known = id.IsKnown ? _files.Find(file => file.Position.Id == id) : _files.Find(file => file.Path == path);
            if (known is null) strangers.Add((path, id));
            else if (TakeUp(known, path, id)) seen.Add(known);
        }

        // Known files that are not where they were may be among the files beside it that no pattern names.
        foreach (var missing in _files.Where(file => !seen.Contains(file) && !file.Position.Complete).ToList())
        {
            if (FindMoved(missing, paths) is not { } path) continue;
            missing.MovedTo(path, FileId.Of(path));
            missing.IsEnding = true;
            seen.Add(missing);
        }

        foreach (var (path, id) in strangers.OrderBy(s => File.GetLastWriteTimeUtc(s.Path))) Meet(path, id, seen);
        _isFirstLook = false;
        _present = seen;
        foreach (var open in _files.Where(file => file.IsOpen && !seen.Contains(file)))
        {
            // Deleted, and still held open: what is left in it is read, and its last line ends with it.
            open.IsEnding = true;
            if (!open.Position.Complete) _present.Add(open);
        }

        Forget();
    }

    /// <summary>The files with something to read, the one furthest back in time first.</summary>
    public IReadOnlyList<FollowedFile> WithMore(DateTimeOffset now, TimeSpan endsAfter)
    {
        var more = new List<FollowedFile>();
        foreach (var file in _present)
        {
            var info = new FileInfo(file.Path);
            if (info.Exists && FileId.Of(file.Path) == file.Position.Id)
            {
                if (file.IsEnding && !file.IsDocument && info.Length <= file.Position.Offset) file.QuietSince ??= now;
                if (file.MayHaveMore(info) && !(IsOnlyEnding(file, info) && now - (file.QuietSince ??= now) < endsAfter)) more.Add(file);
            }
            else if (file.IsOpen)
            {
                more.Add(file);
            }
        }

        return [.. more.OrderBy(file => file.LastEvent ?? DateTimeOffset.MinValue).ThenBy(file => file.Position.Written)];
    }

    /// <summary>Whether another file that is not through lies further back in time than this one has come to.</summary>
    public bool IsAnotherFurtherBack(FollowedFile file) =>
        file.LastEvent is { } reached && _present.Any(other => other != file && other.Behind > 0 && other.LastEvent is { } there && there < reached);

    /// <summary>Closes what was not read for longest, so that no more than so many are open.</summary>
    public void CloseSome(int mostOpen)
    {
        var open = _files.Where(file => file.IsOpen).ToList();
        foreach (var file in open.OrderBy(file => file.LastEvent ?? DateTimeOffset.MinValue).Take(open.Count - mostOpen)) file.Close();
    }

    /// <summary>The names of positions that are no longer needed.</summary>
    public IReadOnlyList<string> TakeForgotten()
    {
        string[] names = [.. _forgotten];
        _forgotten.Clear();
        return names;
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    // A file that waits only for its last line to be taken for whole.
    private static bool IsOnlyEnding(FollowedFile file, FileInfo info) => file.IsEnding && !file.IsDocument && info.Length <= file.Position.Offset + 1_000_000;

    // The same inode: the same file, unless its content was cut off or is another.
    private bool TakeUp(FollowedFile file, string path, FileId id)
    {
        if (file.Path != path)
        {
            file.MovedTo(path, id);
            file.IsEnding = !_source.Settings.Paths.Contains(path, StringComparer.Ordinal);
        }

        if (file.IsDocument) return true;
        var info = new FileInfo(path);
        if (info.Length == file.LookedAt.Size && info.LastWriteTimeUtc.Ticks == file.LookedAt.Written) return true;
        file.LookedAt = (info.Length, info.LastWriteTimeUtc.Ticks);
        if (FileHead.Of(path) is not { } head) return true;
        var isCut = !head.Document && info.Length < file.Position.Offset || file.Position.Print.Length > 0 && !file.Position.Print.Fits(head.Bytes);
        if (!isCut) return true;
        ReadRestOfCopy(file, path);
        file.StartAgain(id);
        file.IsEnding = false;
        return true;
    }

    // copytruncate: what was written between our last look and the truncation is in the copy only.
    private void ReadRestOfCopy(FollowedFile file, string path)
    {
        if (Siblings(path).FirstOrDefault(sibling => IsContinuation(file, sibling)) is not { } copy) return;
        var position = file.Position with { Path = copy, Device = FileId.Of(copy).Device, Inode = FileId.Of(copy).Inode, Complete = false };
        _files.Add(new FollowedFile(_source, NextName(), position) { IsEnding = true });
        _copies.Remove(copy);
    }

    private void Meet(string path, FileId id, HashSet<FollowedFile> seen)
    {
        var info = new FileInfo(path);
        var state = (id, info.Length, info.LastWriteTimeUtc.Ticks);
        if (_copies.TryGetValue(path, out var copy) && copy == state) return;
        if (_files.Find(file => file.Position.Id == id && file.Path == path) is { } already)
        {
            seen.Add(already);
            return;
        }

        var original = OriginalOf(path, info.Length);
        if (original is not null && seen.Contains(original))
        {
            // A copy of a file that is still there, made by copytruncate or by hand: everything in it is read from the original.
            _copies[path] = state;
            return;
        }

        if (original is not null)
        {
            Adopt(original, path, id);
            seen.Add(original);
            return;
        }

        var offset = _isFirstLook && _source.Settings.FromEnd ? AfterLastLine(path) : 0;
        var file = new FollowedFile(_source, NextName(), new FilePosition { Path = path, Device = id.Device, Inode = id.Inode, Offset = offset, Size = -1 });
        _files.Add(file);
        seen.Add(file);
    }

    // The known file under another inode: moved over file systems, or packed. Packed, it is the same content at the same offset.
    private static void Adopt(FollowedFile original, string path, FileId id)
    {
        original.Close();
        original.MovedTo(path, id);
        original.IsEnding = true;
    }

    private FollowedFile? OriginalOf(string path, long size)
    {
        if (FileHead.Of(path)?.Bytes is not { Length: > 0 } beginning) return null;
        return _files.Find(file => file.Position.Print.Fits(beginning) && (!_present.Contains(file) || size <= new FileInfo(file.Path) switch { { Exists: true } f => f.Length, _ => long.MaxValue }));
    }

    private string? FindMoved(FollowedFile file, IReadOnlyCollection<string> known) =>
        Siblings(file.Path).Where(path => !known.Contains(path)).FirstOrDefault(path => FileId.Of(path) is { IsKnown: true } id && id == file.Position.Id || !File.Exists(file.Path) && IsContinuation(file, path));

    private bool IsContinuation(FollowedFile file, string path)
    {
        var id = FileId.Of(path);
        if (id.IsKnown && _files.Exists(other => other.Position.Id == id)) return false;
        return FileHead.Of(path) is { } head && file.Position.Print.Fits(head.Bytes);
    }

    private static List<string> Siblings(string path)
    {
        var folder = Path.GetDirectoryName(path);
        var name = Path.GetFileNameWithoutExtension(path);
        try
        {
            return folder is null || !Directory.Exists(folder)
                ? []
                : Directory.EnumerateFiles(folder, "*").Where(f => f != path && Path.GetFileName(f).StartsWith(name, StringComparison.Ordinal)).OrderByDescending(File.GetLastWriteTimeUtc).Take(50).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long AfterLastLine(string path)
    {
        using var file = LogContents.OpenShared(path);
        Span<byte> tail = stackalloc byte[4096];
        for (var end = file.Length; end > 0; end = Math.Max(0, end - tail.Length))
        {
            var start = Math.Max(0, end - tail.Length);
            var read = RandomAccess.Read(file.SafeFileHandle, tail[..(int)(end - start)], start);
            var line = tail[..read].LastIndexOf((byte)'\n');
            if (line >= 0) return start + line + 1;
        }

        return 0;
    }

    private void Forget()
    {
        var gone = _files.Where(file => !_present.Contains(file) && !file.IsOpen && !File.Exists(file.Path)).ToList();
        foreach (var file in gone.OrderBy(f => f.Position.Written).Take(gone.Count - MostGone))
        {
            _files.Remove(file);
            _forgotten.Add(file.PositionName);
            file.Dispose();
        }
    }

    private string NextName() => string.Create(CultureInfo.InvariantCulture, $"{Prefix(_source.Name)}{_next++}");
}
