using System.Globalization;
using System.Security.Cryptography;
using Vigie.Store;

namespace Vigie.Watches.Mail.History;

/// <summary>What one file taught.</summary>
/// <param name="File">Its path.</param>
/// <param name="Messages">Messages read that had not been learned before.</param>
/// <param name="Outgoing">Of them, delivered to domains outside.</param>
/// <param name="Resembling">Of the outgoing, to domains that resemble a guarded one: kept apart, and believed only where mail went both ways on several days.</param>
/// <param name="Incoming">Of them, from outside to the own domains.</param>
/// <param name="AlreadyLearned">Bytes passed over because an earlier run learned them.</param>
internal sealed record LearnedFile(string File, long Messages, long Outgoing, long Resembling, long Incoming, long AlreadyLearned);

/// <summary>
/// Learns relationships from history, once. How far a file was learned is committed together with what it taught; a file is
/// known again by its first two lines and by the hash of everything learned from it, so that a grown, renamed or compressed
/// log goes on where it stopped and no message counts twice.
/// </summary>
internal sealed class HistoryLearner(Store.Store store, Positions positions, Correspondence correspondence)
{
    private const int MessagesPerWrite = 400;

    /// <summary>Learns one file.</summary>
    /// <param name="kind">The kind of history, part of the file's identity.</param>
    /// <param name="path">The file.</param>
    /// <param name="open">Makes the reader for its lines.</param>
    /// <param name="progress">Is told how much of the file was read, 0 to 1.</param>
    /// <param name="cancellationToken">Stops; what was committed stays learned.</param>
    /// <exception cref="IOException">The file cannot be read to its end; what was committed stays learned.</exception>
    public async Task<LearnedFile> LearnAsync(string kind, string path, Func<HistoryFile, IHistoryReader> open, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var (source, known) = await FindAsync(kind, path, cancellationToken);
        using var file = HistoryFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = open(file);
        var batch = new List<PastMessage>();
        var total = new LearnedFile(path, 0, 0, 0, 0, known);
        var lines = 0L;
        var read = 0L;
        while (TryReadLine(file, kind, hash, reader, batch))
        {
            read = file.Offset;
            // Lines learned before are read again, so that a message whose sender stands there is still joined.
            if (read <= known) batch.Clear();
            if (batch.Count >= MessagesPerWrite) total = await WriteAsync(source, read, hash, batch, total, cancellationToken);
            if (++lines % 5_000 == 0)
            {
                progress.Report(file.Progress);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        if (read > known)
        {
            reader.End(batch);
            total = await WriteAsync(source, read, hash, batch, total, cancellationToken);
        }

        progress.Report(1);
        return total;
    }

    private static bool TryReadLine(HistoryFile file, string kind, IncrementalHash hash, IHistoryReader reader, List<PastMessage> batch)
    {
        if (!file.TryRead(out var line)) return false;
        // The last line of a log that is being written may be half a line; it is learned when it is whole.
        if (!file.IsLineComplete && kind == "maillog") return false;
        hash.AppendData(line);
        hash.AppendData("\n"u8);
        reader.Line(line, batch);
        return true;
    }

    private async Task<LearnedFile> WriteAsync(string source, long offset, IncrementalHash hash, List<PastMessage> batch, LearnedFile total, CancellationToken cancellationToken)
    {
        var gains = new Dictionary<RelationshipKey, RelationshipGain>();
        foreach (var message in batch)
        {
            total = total with { Messages = total.Messages + 1 };
            if (!message.IsDelivered) continue;
            var contact = correspondence.Read(message);
            if (contact.Direction == Direction.None) continue;

            ref var gain = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(gains, contact.Key, out _);
            gain.At(message.Time);
            if (contact.Direction == Direction.Incoming)
            {
                gain.Receive();
                total = total with { Incoming = total.Incoming + 1 };
                continue;
            }

            var resembles = correspondence.Resembles(contact.Key.Domain);
            if (resembles) gain.Past++;
            else gain.Sent++;
            gain.OnDayOf(message.Time);
            total = total with { Outgoing = total.Outgoing + 1, Resembling = total.Resembling + (resembles ? 1 : 0) };
        }

        batch.Clear();
        var position = string.Create(CultureInfo.InvariantCulture, $"{offset} {Convert.ToHexStringLower(hash.GetCurrentHash())}");
        await store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                foreach (var (key, gain) in gains) Relationships.Add(transaction, key, gain);
                positions.Save(transaction, source, position);
            },
            cancellationToken);
        return total;
    }

    // Two files can begin with the same two lines; then they differ later, and each has a position of its own.
    private async Task<(string Source, long Known)> FindAsync(string kind, string path, CancellationToken cancellationToken)
    {
        var start = StartOf(path);
        for (var n = 1; ; n++)
        {
            var source = n == 1 ? $"learn:{kind}:{start}" : string.Create(CultureInfo.InvariantCulture, $"learn:{kind}:{start}#{n}");
            if (await positions.FindAsync(source, cancellationToken) is not { } position) return (source, 0);
            var space = position.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !long.TryParse(position.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return (source, 0);
            if (IsLearned(path, offset, position[(space + 1)..], cancellationToken)) return (source, offset);
        }
    }

    private static string StartOf(string path)
    {
        using var file = HistoryFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var n = 0; n < 2 && file.TryRead(out var line); n++)
        {
            hash.AppendData(line);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static bool IsLearned(string path, long offset, string expected, CancellationToken cancellationToken)
    {
        using var file = HistoryFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (file.Offset < offset && file.TryRead(out var line))
        {
            hash.AppendData(line);
            hash.AppendData("\n"u8);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return file.Offset == offset && Convert.ToHexStringLower(hash.GetHashAndReset()) == expected;
    }
}
