using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>
/// What mail under way teaches, gathered and written once a second, so that clean mail never waits for the disk.
/// A crash forgets at most that second: the correspondent is then learned with the next message.
/// </summary>
internal sealed class LearnedMail(Store.Store store, TimeProvider time, ILogger<LearnedMail> log) : IStage
{
    // A burst beyond this is counted but teaches no more relationships until the next write.
    private const int MaxKeys = 20_000;
    private const int KeysPerWrite = 200;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Dictionary<RelationshipKey, RelationshipGain> _gains = [];
    private Dictionary<string, long> _counts = [];
    private List<string> _told = [];

    public string Name => "mail.learning";

    public void Sent(string mailbox, string domain, bool flagged, DateTimeOffset now) =>
        Change(new RelationshipKey(mailbox, domain), now, (ref RelationshipGain gain) =>
        {
            if (flagged) gain.SentFlagged++;
            else gain.Sent++;
            if (!flagged) gain.OnDayOf(now);
        });

    public void Confirmed(string mailbox, string domain, DateTimeOffset now) =>
        Change(new RelationshipKey(mailbox, domain), now, static (ref RelationshipGain gain) => gain.Confirmed++);

    public void Received(string mailbox, string domain, DateTimeOffset now) =>
        Change(new RelationshipKey(mailbox, domain), now, static (ref RelationshipGain gain) => gain.Receive());

    /// <summary>Notes that the mail server went on after a refusal.</summary>
    public void Told(string refusal)
    {
        lock (_lock)
        {
            if (_told.Count < MaxKeys) _told.Add(refusal);
        }
    }

    public void Count(string what, long count)
    {
        if (count == 0) return;
        lock (_lock) _counts[what] = _counts.GetValueOrDefault(what) + count;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        try
        {
            while (true)
            {
                await Task.Delay(Every, time, cancellationToken);
                await FlushAsync(cancellationToken);
            }
        }
        finally
        {
            // The node stops: what was learned since the last write is worth a moment.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
            await FlushAsync(limit.Token);
        }
    }

    /// <summary>Writes what was gathered. What a failing store did not take is dropped, and said.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<RelationshipKey, RelationshipGain> gains;
        Dictionary<string, long> counts;
        List<string> told;
        lock (_lock)
        {
            if (_gains.Count == 0 && _counts.Count == 0 && _told.Count == 0) return;
            (told, _told) = (_told, []);
            (gains, _gains) = (_gains, []);
            (counts, _counts) = (_counts, []);
        }

        try
        {
            var now = time.GetUtcNow();
            if (counts.Count > 0) await store.WriteAsync(Lane.Background, transaction => Decisions.AddCounts(transaction, now, counts), cancellationToken);
            foreach (var chunk in told.Chunk(KeysPerWrite))
            {
                await store.WriteAsync(
                    Lane.Background,
                    transaction =>
                    {
                        foreach (var refusal in chunk) Insistence.Told(transaction, refusal, now);
                    },
                    cancellationToken);
            }

            foreach (var chunk in gains.Chunk(KeysPerWrite))
            {
                await store.WriteAsync(
                    Lane.Background,
                    transaction =>
                    {
                        foreach (var (key, gain) in chunk) Relationships.Add(transaction, key, gain);
                    },
                    cancellationToken);
            }
        }
        catch (StoreException e)
        {
            log.LearnedMailLost(gains.Count, e.Message);
        }
    }

    private delegate void Gain(ref RelationshipGain gain);

    private void Change(RelationshipKey key, DateTimeOffset now, Gain change)
    {
        lock (_lock)
        {
            if (_gains.Count >= MaxKeys && !_gains.ContainsKey(key)) return;
            ref var gain = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_gains, key, out _);
            change(ref gain);
            gain.At(now);
        }
    }
}
