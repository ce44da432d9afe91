using System.Collections.Concurrent;
using Vigie.Engine.Events;

namespace Vigie.Commands.Logs;

/// <summary>
/// Scans files: several at once, while the findings come out in the order of the files as if there were one thread.
/// What waits for its turn is bounded. Correlations are judged when everything is read, over all files, by the time of the events.
/// </summary>
internal sealed class LogScan(LogQuestion question, int threads)
{
    private const int MostFilesWaiting = 16;

    /// <summary>Scans.</summary>
    /// <param name="targets">The files, in the order of the output.</param>
    /// <param name="writer">Takes the findings.</param>
    /// <param name="progress">Is told how much is through, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public ScanSummary Run(IReadOnlyList<LogTarget> targets, IHitWriter writer, IProgress<double> progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var started = new BlockingCollection<FileScan>(MostFilesWaiting);
        var meter = new ScanMeter(targets, progress);
        var next = 0;
        var gate = new Lock();
        var workers = Enumerable.Range(0, Math.Clamp(threads, 1, Math.Max(1, targets.Count))).Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var finished = Task.WhenAll(workers).ContinueWith(_ => started.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var summary = new ScanSummary();
        var correlations = new ScanCorrelations(question.Rules);
        try
        {
            foreach (var file in started.GetConsumingEnumerable(stop.Token))
            {
                using (file)
                {
                    foreach (var item in file.Items(stop.Token))
                    {
                        if (item.Hit is { } hit) Emit(hit);
                        if (item.Correlated is { } match) correlations.Add(match);
                    }

                    file.AddTo(summary);
                }
            }

            foreach (var hit in correlations.Conclude(question.AtLeast)) Emit(hit);
            writer.End(summary);
        }
        finally
        {
            // Whatever ended the taking ends the work too; a fault of a worker is what the caller gets to see.
            stop.Cancel();
            finished.Wait(CancellationToken.None);
            if (workers.FirstOrDefault(worker => worker.IsFaulted) is { Exception.InnerException: { } fault }) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        }

        return summary;

        void Emit(LogHit hit)
        {
            summary.Count(hit);
            writer.Write(hit);
        }

        void Work()
        {
            var matcher = question.Rules.Set.CreateMatcher();
            var record = new EventRecord(question.Rules.Set.Fields);
            try
            {
                while (Take() is var (index, scan)) scan.Run(matcher, record, share => meter.Report(index, share), stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch
            {
                stop.Cancel();
                throw;
            }

            matcher.PublishCounts();
        }

        // Taken and queued as one act, so that the queue has the order of the files.
        (int Index, FileScan Scan)? Take()
        {
            lock (gate)
            {
                if (next == targets.Count) return null;
                var index = next++;
                var scan = new FileScan(targets[index], question);
                started.Add(scan, stop.Token);
                meter.Report(index, 0);
                return (index, scan);
            }
        }
    }

    /// <summary>Adds up how far the files are; a file counts by its size on disk.</summary>
    private sealed class ScanMeter(IReadOnlyList<LogTarget> targets, IProgress<double> progress)
    {
        private readonly double _all = Math.Max(1, targets.Sum(target => (double)target.Bytes));
        private readonly Dictionary<int, double> _shares = [];
        private readonly Lock _lock = new();
        private double _before;
        private int _last = -1;

        public void Report(int index, double share)
        {
            lock (_lock)
            {
                // A file that was begun long before the newest is over, or nearly.
                if (share == 0 && index > _last)
                {
                    _last = index;
                    _shares[index] = 0;
                    foreach (var old in _shares.Keys.Where(key => key < index - Environment.ProcessorCount).ToList())
                    {
                        _before += targets[old].Bytes;
                        _shares.Remove(old);
                    }
                }
                else if (_shares.ContainsKey(index))
                {
                    _shares[index] = share;
                }

                progress.Report((_before + _shares.Sum(entry => entry.Value * targets[entry.Key].Bytes)) / _all);
            }
        }
    }
}
