using System.Text.Json;

namespace Vigie.Operations;

/// <summary>
/// Where this node really listens (settings may say port 0). Parts announce their addresses as they bind; once the
/// node is ready the list is written to <c>run/endpoints.json</c> in the data folder, for scripts and tests.
/// </summary>
internal sealed class NodeEndpoints(Settings settings) : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SortedDictionary<string, List<string>> _addresses = new(StringComparer.Ordinal);

    /// <summary>The file the addresses are written to.</summary>
    public string FilePath => PathIn(settings.DataDirectory);

    /// <summary>What the node of a data folder has written; empty where none runs.</summary>
    public static IReadOnlyDictionary<string, string[]> Read(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(PathIn(dataDirectory))) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new Dictionary<string, string[]>();
        }
    }

    /// <summary>Adds an address of a kind: <c>console</c> (a URL) or <c>milter</c> (as Postfix writes it: <c>inet:host:port</c>, <c>unix:path</c>).</summary>
    public void Announce(string kind, string address)
    {
        lock (_lock)
        {
            if (!_addresses.TryGetValue(kind, out var list)) _addresses[kind] = list = [];
            if (!list.Contains(address)) list.Add(address);
        }
    }

    /// <summary>Adds an address that was bound after the node was ready, and writes the file again where it is there.</summary>
    public async Task AnnounceLateAsync(string kind, string address, CancellationToken cancellationToken)
    {
        Announce(kind, address);
        // Looked for only while nobody writes: who is writing it for the first time may have listed the addresses before this one came.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (File.Exists(FilePath)) await WriteAloneAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: scripts do not find the address; senders know it from the settings.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The addresses of a kind, in the order they were announced.</summary>
    public IReadOnlyList<string> Of(string kind)
    {
        lock (_lock) return _addresses.TryGetValue(kind, out var list) ? [.. list] : [];
    }

    /// <summary>Every address, by kind.</summary>
    public IReadOnlyList<string> All()
    {
        lock (_lock) return [.. _addresses.SelectMany(kind => kind.Value.Select(address => $"{kind.Key} {address}"))];
    }

    /// <summary>Writes the file in one step: a reader sees the old one or the whole new one.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        // One at a time: sources bind at once, and each writes what all have announced by then.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAloneAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteAloneAsync(CancellationToken cancellationToken)
    {
        string json;
        lock (_lock) json = JsonSerializer.Serialize(_addresses, Indented);

        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        var temporary = FilePath + ".new";
        await File.WriteAllTextAsync(temporary, json + "\n", cancellationToken);
        File.Move(temporary, FilePath, overwrite: true);
    }

    /// <summary>Removes the file, so that a stopped node is not looked for.</summary>
    public void Remove()
    {
        try
        {
            File.Delete(FilePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that has gone read-only; whoever reads the file finds nobody there.
        }
    }

    public void Dispose() => _writing.Dispose();

    private static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "run", "endpoints.json");
}
