using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Vigie.Engine.Findings;

namespace Vigie.Store;

/// <summary>
/// Findings that were just saved and are to be placed, as they were stored but for evidence and explanation: who places them need not
/// read them again. Only for ids that were read from the queue, for what is here may not have been committed; what does not fit is read.
/// </summary>
internal sealed class FreshFindings
{
    /// <summary>The most that are kept: some ten megabytes, and more than wait while placing nearly keeps up.</summary>
    public const int Most = 32_768;

    /// <summary>What has more is rare and large: it is read when its turn comes.</summary>
    public const int MostEntities = 24;

    private readonly ConcurrentDictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Keeps one that is new to the store.</summary>
    public void Add(Finding finding)
    {
        if (finding.Entities.Length > MostEntities || (Volatile.Read(ref _count) >= Most && !_findings.ContainsKey(finding.Id.Value))) return;
        _findings.AddOrUpdate(
            finding.Id.Value,
            static (_, state) =>
            {
                Interlocked.Increment(ref state.Owner._count);
                return state.Finding;
            },
            static (_, _, state) => state.Finding,
            (Owner: this, Finding: finding));
    }

    /// <summary>Lets go of all, since some may have been deleted.</summary>
    public void Clear()
    {
        foreach (var id in _findings.Keys) TryTake(id, out _);
    }

    /// <summary>Gives the finding with this id, once.</summary>
    public bool TryTake(string id, [NotNullWhen(true)] out Finding? finding)
    {
        if (!_findings.TryRemove(id, out finding)) return false;
        Interlocked.Decrement(ref _count);
        return true;
    }
}
