namespace Vigie.Watches.Domains.Feeds;

/// <summary>Where a feed's texts come from.</summary>
internal interface IFeedSource
{
    /// <summary>Called before the feed is looked at again, after its interval.</summary>
    void Look();

    /// <summary>The next text to read, opened where <paramref name="position"/> ends; null when there is nothing more for now.</summary>
    /// <exception cref="IOException">It cannot be had; the caller tries again later.</exception>
    Task<FeedText?> OpenAsync(FeedPosition? position, CancellationToken ct);
}

/// <summary>
/// A file that grows, is rotated (renamed, a new one in its place; the rest of the old one is read first), truncated
/// (read from the start) or replaced.
/// </summary>
internal sealed class FileFeedSource(FeedSettings feed) : IFeedSource
{
    private const int MaxRotated = 50;

    // The length at the last look: what has not grown since then is written to its end.
    private (FileIdentity Identity, long Length)? _lastLook;
    private bool? _hasStopped;

    public void Look() => _hasStopped = null;

    public async Task<FeedText?> OpenAsync(FeedPosition? position, CancellationToken ct)
    {
        var path = feed.File!;
        if (position is not null && FindRotated(path, position) is { } rotated)
            return await FeedText.OpenAsync(rotated, position, isFinal: true, feed, ct).ConfigureAwait(false);

        await using var file = FeedText.Open(path);
        var isSame = position is not null && position.Identity.Matches(file);
        if (FeedText.IsGzip(file))
            return isSame && position!.Complete ? null : await FeedText.OpenAsync(path, isSame ? position : null, isFinal: true, feed, ct).ConfigureAwait(false);

        var isFinal = HasStopped(file);
        // Shorter than what was read: it was truncated in place.
        var goOn = isSame && file.Length >= position!.Offset ? position : null;
        if (goOn is not null && file.Length == goOn.Offset) return null;
        return await FeedText.OpenAsync(path, goOn, isFinal, feed, ct).ConfigureAwait(false);
    }

    private bool HasStopped(FileStream file)
    {
        if (_hasStopped is { } known) return known;
        var look = (FileIdentity.Of(file), file.Length);
        var stopped = _lastLook == look;
        (_lastLook, _hasStopped) = (look, stopped);
        return stopped;
    }

    /// <summary>The file that was read, under another name beside its place, where something of it is left to read.</summary>
    private static string? FindRotated(string path, FeedPosition position)
    {
        if (position.Identity.Length == 0 || File.Exists(path) && IsIt(path, position, atLeast: 0)) return null;
        var (folder, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        return new DirectoryInfo(folder)
            .EnumerateFiles($"{name}?*")
            .OrderByDescending(f => f.LastWriteTimeUtc)
            .Take(MaxRotated)
            .Select(f => f.FullName)
            .FirstOrDefault(p => IsIt(p, position, atLeast: position.Offset + 1));
    }

    private static bool IsIt(string path, FeedPosition position, long atLeast)
    {
        try
        {
            using var file = FeedText.Open(path);
            return file.Length >= atLeast && position.Identity.Matches(file) && !FeedText.IsGzip(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
