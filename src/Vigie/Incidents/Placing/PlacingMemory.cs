using System.Collections.Immutable;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Store;

namespace Vigie.Incidents.Placing;

/// <summary>What the placer holds in memory: the graph and where its findings are stored. Built from the store, so it may be lost at any moment.</summary>
internal sealed class PlacingMemory
{
    /// <summary>How many incidents have their sums at hand; beyond, those that were not just needed are read again when they are.</summary>
    private const int MostSums = 20_000;

    /// <summary>Findings from which an incident's sums are always at hand.</summary>
    private const int Large = 1000;

    /// <summary>Findings up to which what was left of a group is kept with the batch that parted it.</summary>
    private const int MostLeft = 5000;

    private readonly List<(long Gone, long Into)> _loaded = [];
    private readonly Queue<PlacingWrite> _expected = new();
    private int _sums;

    private PlacingMemory()
    {
    }

    public IncidentGraph Graph { get; } = new(new LinkPolicy());

    public PlacingMap Map { get; } = new();

    /// <summary>Reads everything that goes on from the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reads">How it is read.</param>
    /// <param name="surroundings">What the settings say of entities.</param>
    /// <param name="oldest">Unix milliseconds: incidents neither seen nor changed since are left out.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async Task<PlacingMemory> LoadAsync(Store.Store store, PlacingReads reads, LinkSurroundings surroundings, long oldest, CancellationToken ct)
    {
        foreach (var (gone, into) in await reads.HalfMovedAsync(ct))
        {
            while (await store.WriteAsync(Lane.Background, transaction => PlacingWrites.MoveRest(transaction, gone, into), ct) > 0)
            {
            }
        }

        var memory = new PlacingMemory();
        var standing = await reads.StandingAsync(oldest, ct);
        memory.Take(standing);
        var going = standing.Where(row => row.Status != (int)IncidentStatus.Merged).ToDictionary(row => row.Id);
        // Summing up a very large incident later would hold up what waits.
        var sums = going.Values.Where(row => row.Findings > Large).ToDictionary(row => row.Id, _ => new IncidentFacts());
        if (going.Count > 0)
        {
            await reads.PlacedAsync(
                going.Values.Min(row => row.FirstSeen),
                (number, finding) =>
                {
                    if (!going.ContainsKey(number)) return;
                    var incident = memory.Map.GetOrAdd(number);
                    memory.Graph.Place(NodeOf(finding.ToFinding(), surroundings), number);
                    memory.Map.Load(finding.Id, incident);
                    if (incident.IsFree) memory.Map.SetFree(number, incident);
                    if (sums.TryGetValue(number, out var sum)) sum.Add(finding);
                    memory.Map.Commit();
                },
                ct);
        }

        foreach (var row in await reads.IncidentsAsync(sums.Keys, ct))
        {
            sums[row.Id].AddForgotten(row);
            memory.Map.GetOrAdd(row.Id).Facts = sums[row.Id];
        }

        var regrouping = memory.Graph.Reweigh();
        // What was one incident stays one, also where newer settings or an older neighbor's end would part it now.
        foreach (var (from, to, _) in regrouping.Split)
        {
            if (memory.Map.FreeOf(to) is null && memory.Map.FreeOf(from) is { } free) memory.Map.SetFree(to, free);
        }

        memory.Map.Commit();
        memory._loaded.AddRange(regrouping.Absorbed);
        return memory;
    }

    /// <summary>What belongs together by now and was stored apart, as when settings changed: merged as if it had just been found.</summary>
    public PlacedBatch TakeLoaded()
    {
        var loaded = new PlacedBatch([], [.. _loaded], Regrouping.None, LeftBy(Regrouping.None));
        _loaded.Clear();
        return loaded;
    }

    /// <summary>Puts findings into the graph and takes weights anew, so that the result does not depend on how findings were batched.</summary>
    public PlacedBatch Place(IEnumerable<FindingOutline> findings, LinkSurroundings surroundings)
    {
        var placed = new List<FindingOutline>();
        var absorbed = new List<(long, long)>();
        foreach (var finding in findings)
        {
            var placement = Graph.Place(NodeOf(finding.ToFinding(), surroundings));
            absorbed.AddRange(placement.Absorbed.Select(gone => (gone, placement.Group)));
            placed.Add(finding);
        }

        var regrouping = Graph.Reweigh();
        return new PlacedBatch([.. placed.Select(finding => new Joined(finding, Graph.GroupOf(finding.Id)!.Value, Graph.LinksOf(finding.Id)))], absorbed, regrouping, LeftBy(regrouping));
    }

    /// <summary>Takes a write for carried out, so that the next batch can be prepared meanwhile; <see cref="Rollback"/> takes that back.</summary>
    public void Expect(PlacingWrite write)
    {
        foreach (var row in write.Rows)
        {
            if (row.Incident.Facts is null) _sums++;
            Map.SetRow(row.Incident, row.After, row.Facts);
        }

        foreach (var (gone, _) in write.Plan.Merged) Map.SetRow(gone, gone.Version + 1, null);
        Map.Seal();
        _expected.Enqueue(write);
        if (_sums <= MostSums) return;
        // Sums that are not stored yet cannot be read again.
        var needed = _expected.SelectMany(one => one.Rows).Select(row => row.Incident).ToHashSet();
        foreach (var incident in Map.ById.Values.Where(incident => incident.Size <= Large && !needed.Contains(incident))) incident.Facts = null;
        _sums = needed.Count;
    }

    /// <summary>Keeps what was expected first: it is stored.</summary>
    public void Keep()
    {
        foreach (var row in _expected.Dequeue().Rows.Where(row => row.Begins is not null)) Map.Number(row.Incident);
        Map.Keep();
    }

    /// <summary>Takes back everything that was expected.</summary>
    public void Rollback()
    {
        _expected.Clear();
        Map.Rollback();
    }

    /// <summary>Takes over what people, or other processes, changed.</summary>
    public async Task RefreshAsync(PlacingReads reads, IncidentChange change, CancellationToken ct)
    {
        if (change.Everything)
        {
            await ReloadAsync(reads, long.MinValue, ct);
            return;
        }

        var rows = await reads.StandingAsync(change.Incidents, ct);
        // Of two changes one after the other the first may have been read with the second.
        var others = rows.Where(row => !Map.ById.TryGetValue(row.Id, out var known) || known.Version != row.Version).ToList();
        if (others.Count == 0) return;
        Take(others);
        TakeHomes(await reads.HomesAsync([.. others.Select(row => row.Id)], ct));
    }

    /// <summary>Takes over everything as it is stored; the graph stays.</summary>
    public async Task ReloadAsync(PlacingReads reads, long oldest, CancellationToken ct)
    {
        Take(await reads.StandingAsync(oldest, ct));
        TakeHomes(await reads.HomesAsync(null, ct));
    }

    /// <summary>Lets go of groups in which nothing happened since a time.</summary>
    public void Forget(long before)
    {
        var gone = Graph.ForgetBefore(before);
        if (gone.Length > 0) Map.Forget(gone, id => Graph.GroupOf(id) is not null);
    }

    /// <summary>A finding as the graph takes it.</summary>
    public static GraphFinding NodeOf(Finding finding, LinkSurroundings surroundings) =>
        new(finding.Id, finding.LastSeen.ToUnixTimeMilliseconds(), LinkKeys.Of(finding, surroundings), LinkSubjects.Of(finding, surroundings));

    private Dictionary<long, ImmutableArray<FindingId>> LeftBy(Regrouping regrouping) =>
        regrouping.Split.Select(split => split.From).Distinct().Where(group => Graph.SizeOf(group) <= MostLeft).ToDictionary(group => group, group => Graph.FindingsOf(group).ToImmutableArray());

    private void Take(IReadOnlyList<PlacingReads.StandingRow> rows)
    {
        foreach (var row in rows)
        {
            var incident = Map.GetOrAdd(row.Id);
            if (incident.Version != row.Version) incident.Facts = null;
            (incident.Version, incident.Status, incident.IsTouched) = (row.Version, (IncidentStatus)row.Status, row.Touched != 0);
            var into = row.MergedInto is { } other && row.Status == (int)IncidentStatus.Merged ? Map.GetOrAdd(other) : null;
            if (into is not null && incident.MergedInto is null) into.Now.Size += incident.Size;
            incident.MergedInto = into;
            if (row.Follows is { } follows) Map.GetOrAdd(follows).Successor = incident;
        }
    }

    private void TakeHomes(IReadOnlyList<(string Finding, long Incident)> homes)
    {
        foreach (var (finding, number) in homes)
        {
            var id = new FindingId(finding);
            if (Graph.GroupOf(id) is not null) Map.Load(id, Map.GetOrAdd(number));
        }

        Map.Commit();
    }
}
