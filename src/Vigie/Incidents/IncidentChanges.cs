using System.Collections.Immutable;
using System.Threading.Channels;

namespace Vigie.Incidents;

/// <summary>
/// Tells those who listen in this process which incidents have changed, after the change is stored. A listener that is slow
/// holds nobody up: what it has not read is joined, and past <see cref="Most"/> numbers it is told to read everything again.
/// </summary>
public sealed class IncidentChanges
{
    /// <summary>The most numbers kept for one listener.</summary>
    public const int Most = 1000;

    private readonly Lock _lock = new();
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Begins to listen; disposing ends it.</summary>
    public Subscription Subscribe()
    {
        var subscription = new Subscription(this);
        lock (_lock) _subscriptions = _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Says that incidents have changed; called after the commit. Nothing happens for none.</summary>
    /// <param name="incidents">Their numbers.</param>
    /// <param name="except">Who changed them and need not be told.</param>
    public void Raise(IReadOnlyCollection<long> incidents, Subscription? except = null)
    {
        if (incidents.Count == 0) return;
        foreach (var subscription in _subscriptions)
        {
            if (subscription != except) subscription.Add(incidents);
        }
    }

    private void End(Subscription subscription)
    {
        lock (_lock) _subscriptions = _subscriptions.Remove(subscription);
    }

    /// <summary>What one listener has not read yet.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly IncidentChanges _changes;
        private readonly Lock _lock = new();

        // A signal that is given twice before it is seen is one signal.
        private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly HashSet<long> _incidents = [];
        private bool _everything;

        internal Subscription(IncidentChanges changes) => _changes = changes;

        /// <summary>Waits until something has changed and gives it; what changes meanwhile comes with the next call.</summary>
        public async ValueTask<IncidentChange> ReadAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (TryTake() is { } change) return change;
            }
        }

        /// <summary>What has changed since the last call; null for nothing.</summary>
        public IncidentChange? TryTake()
        {
            lock (_lock)
            {
                if (_incidents.Count == 0 && !_everything) return null;
                var change = new IncidentChange([.. _incidents], _everything);
                _incidents.Clear();
                _everything = false;
                return change;
            }
        }

        /// <summary>Stops listening.</summary>
        public void Dispose() => _changes.End(this);

        internal void Add(IReadOnlyCollection<long> incidents)
        {
            lock (_lock)
            {
                foreach (var incident in incidents)
                {
                    if (_everything) break;
                    _incidents.Add(incident);
                    if (_incidents.Count <= Most) continue;
                    _incidents.Clear();
                    _everything = true;
                }
            }

            _signal.Writer.TryWrite(true);
        }
    }
}

/// <summary>What has changed.</summary>
/// <param name="Incidents">The numbers of the incidents; empty where <paramref name="Everything"/> says to read all again.</param>
/// <param name="Everything">Whether so much changed that single numbers were not kept.</param>
public readonly record struct IncidentChange(ImmutableArray<long> Incidents, bool Everything);
