using System.Globalization;
using Vigie.Engine;

namespace Vigie.Store;

/// <summary>
/// Held by the one node that runs on a data folder. The kernel releases it when the process ends, however it ends,
/// so there is never a stale lock to remove by hand.
/// </summary>
public sealed class NodeLock : IDisposable
{
    private readonly FileStream _lock;

    private NodeLock(FileStream held) => _lock = held;

    /// <summary>Takes the lock, or gives null when another node or a restore holds it.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static NodeLock? TryAcquire(string dataDirectory)
    {
        DataDirectory.Prepare(dataDirectory);
        try
        {
            var held = new NodeLock(DataDirectory.OpenPrivate(Path.Combine(dataDirectory, "node.lock"), FileMode.OpenOrCreate, FileShare.None));
            Sign(dataDirectory);
            return held;
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>What a second node is told.</summary>
    public static StoreProblem InUse(string dataDirectory)
    {
        var holder = Holder(dataDirectory);
        return new StoreProblem(StoreFault.InUse, new Bilingual(
            $"Another Vigie{(holder is null ? "" : $" (process {holder})")} already runs on {dataDirectory}. Stop it first, or give this one a data folder of its own with --data.",
            $"Un autre Vigie{(holder is null ? "" : $" (processus {holder})")} tourne déjà sur {dataDirectory}. Arrêtez-le d'abord, ou donnez à celui-ci son propre dossier avec --data."));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // The lock file itself cannot be read while it is locked, so the name of its holder stands beside it.
    private static void Sign(string dataDirectory)
    {
        using var note = DataDirectory.OpenPrivate(PidFile(dataDirectory), FileMode.Create);
        note.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
    }

    private static string? Holder(string dataDirectory)
    {
        try
        {
            return File.ReadAllText(PidFile(dataDirectory)).Trim() is { Length: > 0 and < 20 } pid ? pid : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string PidFile(string dataDirectory) => Path.Combine(dataDirectory, "node.pid");

    // A sharing violation: EWOULDBLOCK of flock(2) on Unix (11 on Linux, 35 on macOS), ERROR_SHARING_VIOLATION (32) on Windows.
    private static bool IsHeld(IOException e) => (e.HResult & 0xffff) is 11 or 35 or 32;
}
