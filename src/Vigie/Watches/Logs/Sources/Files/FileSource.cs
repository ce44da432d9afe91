using Dapper;
using Vigie.Store;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>
/// Follows the files of a source over everything that happens to log files: they grow, are renamed and replaced, are copied
/// and truncated, are packed and deleted. Of two files with something to read the one that is further back in time is read
/// first. A file whose data is not through is not read further: the pipeline's pace is the reader's.
/// </summary>
internal sealed class FileSource(LogSourceState source, LogQueue queue, Store.Store store, TimeProvider time) : ILogSource
{
    // Held open so that what is deleted right after its rotation is still read.
    private const int MostOpen = 200;

    private static readonly TimeSpan EndsAfter = TimeSpan.FromSeconds(5);

    private FollowedFiles _files = null!;

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken ct)
    {
        using var files = new FollowedFiles(source, await LoadAsync(ct).ConfigureAwait(false));
        _files = files;
        while (true)
        {
            files.Look();
            foreach (var name in files.TakeForgotten()) await ForgetAsync(name, ct).ConfigureAwait(false);
            if (!await ReadAsync(ct).ConfigureAwait(false)) await Task.Delay(source.Settings.Interval, time, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        var any = false;
        string? problem = null;
        foreach (var file in _files.WithMore(time.GetUtcNow(), EndsAfter))
        {
            try
            {
                while (file.Read(time.GetUtcNow()) is { } batch)
                {
                    any = true;
                    await queue.EnterAsync(batch, ct).ConfigureAwait(false);
                    await batch.ThroughAsync(ct).ConfigureAwait(false);
                    if (_files.IsAnotherFurtherBack(file)) break;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = $"{file.Path}: {e.Message}";
                file.Close();
            }

            _files.CloseSome(MostOpen);
        }

        source.Behind(_files.Behind);
        source.Error(problem ?? _files.Problem, time.GetUtcNow());
        return any;
    }

    private async Task<List<(string Name, FilePosition Position)>> LoadAsync(CancellationToken ct)
    {
        var prefix = FollowedFiles.Prefix(Name);
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(string Source, string Position)>(new CommandDefinition(
                "SELECT source, position FROM position WHERE source >= @prefix AND source < @end", new { prefix, end = prefix[..^1] + (char)(prefix[^1] + 1) }, cancellationToken: token)),
            ct).ConfigureAwait(false);
        return [.. rows.Select(row => (row.Source, FilePosition.Parse(row.Position))).Where(row => row.Item2 is not null).Select(row => (row.Source, row.Item2!))];
    }

    private Task ForgetAsync(string name, CancellationToken ct) => store.WriteAsync(
        Lane.Background,
        transaction => { transaction.Connection!.Execute("DELETE FROM position WHERE source = @name", new { name }, transaction); },
        ct);
}
