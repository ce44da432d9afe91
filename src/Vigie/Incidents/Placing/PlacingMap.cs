using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Placing;

/// <summary>
/// Which stored incident each placed finding is in, and which free incident stands for each group of the graph: at most one, for
/// incidents that people have touched or closed stay what they are while groups come and go. What was changed can be taken back
/// until it is kept, for a transaction that did not take place: the changes of one batch while it is written, and those of the next.
/// </summary>
internal sealed class PlacingMap
{
    private readonly Dictionary<UInt128, StoredIncident> _homes = [];
    private readonly Dictionary<long, StoredIncident> _free = [];
    private readonly Dictionary<long, StoredIncident> _byId = [];
    private readonly List<Stack<Action>> _sealed = [];
    private Stack<Action> _undo = new();
    private long _age = long.MaxValue / 2;

    /// <summary>How many findings are known.</summary>
    public int Count => _homes.Count;

    /// <summary>Every incident with a number.</summary>
    public IReadOnlyDictionary<long, StoredIncident> ById => _byId;

    /// <summary>The incident a finding is in now; null where it is in none.</summary>
    public StoredIncident? HomeOf(FindingId id) => _homes.TryGetValue(KeyOf(id), out var home) ? home.Now : null;

    /// <summary>The free incident of a group; null where all its findings are in incidents of people, or new.</summary>
    public StoredIncident? FreeOf(long group) => _free.TryGetValue(group, out var incident) && incident.Now is { IsFree: true } free ? free : null;

    public void SetHome(FindingId id, StoredIncident home)
    {
        var key = KeyOf(id);
        var before = _homes.GetValueOrDefault(key);
        Settle(key, before?.Now, home);
        _undo.Push(() =>
        {
            Settle(key, home.Now, before);
            if (before is null) _homes.Remove(key);
        });
    }

    /// <summary>Puts a finding where it is stored, which is not taken back.</summary>
    public void Load(FindingId id, StoredIncident home)
    {
        var key = KeyOf(id);
        Settle(key, _homes.GetValueOrDefault(key)?.Now, home);
    }

    public void SetFree(long group, StoredIncident? incident)
    {
        var known = _free.TryGetValue(group, out var before);
        if (incident is null) _free.Remove(group);
        else _free[group] = incident;
        _undo.Push(() =>
        {
            if (known) _free[group] = before!;
            else _free.Remove(group);
        });
    }

    public void Merge(StoredIncident gone, StoredIncident into)
    {
        var (status, merged) = (gone.Status, gone.MergedInto);
        (gone.Status, gone.MergedInto) = (IncidentStatus.Merged, into);
        into.Size += gone.Size;
        _undo.Push(() =>
        {
            into.Size -= gone.Size;
            (gone.Status, gone.MergedInto) = (status, merged);
        });
    }

    public void SetSuccessor(StoredIncident closed, StoredIncident successor)
    {
        var before = closed.Successor;
        closed.Successor = successor;
        _undo.Push(() => closed.Successor = before);
    }

    /// <summary>The free incident of a group that has none; it gets its number as it is stored.</summary>
    public StoredIncident Begin(long group)
    {
        var incident = new StoredIncident { Status = IncidentStatus.New, Age = ++_age };
        SetFree(group, incident);
        return incident;
    }

    /// <summary>What the row of an incident says from now on.</summary>
    public void SetRow(StoredIncident incident, long version, IncidentFacts? facts)
    {
        var (before, known) = (incident.Version, incident.Facts);
        (incident.Version, incident.Facts) = (version, facts);
        _undo.Push(() => (incident.Version, incident.Facts) = (before, known));
    }

    /// <summary>Knows an incident by the number it was stored under.</summary>
    public void Number(StoredIncident incident)
    {
        incident.Age = incident.Id;
        _byId[incident.Id] = incident;
    }

    /// <summary>The incident with this number; made where it is new here.</summary>
    public StoredIncident GetOrAdd(long id)
    {
        if (!_byId.TryGetValue(id, out var incident)) _byId.Add(id, incident = new StoredIncident { Id = id, Age = id });
        return incident;
    }

    /// <summary>Ends the changes of a batch: what is changed from now on belongs to the next.</summary>
    public void Seal()
    {
        _sealed.Add(_undo);
        _undo = new Stack<Action>();
    }

    /// <summary>Keeps the changes of the batch that was sealed first.</summary>
    public void Keep() => _sealed.RemoveAt(0);

    /// <summary>Keeps everything that was changed.</summary>
    public void Commit()
    {
        _sealed.Clear();
        _undo.Clear();
    }

    /// <summary>Takes back what was changed since the last <see cref="Seal"/>.</summary>
    public void Discard()
    {
        while (_undo.TryPop(out var undo)) undo();
    }

    /// <summary>Takes back everything that is not kept.</summary>
    public void Rollback()
    {
        Discard();
        for (; _sealed.Count > 0; _sealed.RemoveAt(_sealed.Count - 1))
        {
            _undo = _sealed[^1];
            Discard();
        }
    }

    /// <summary>Lets go of what is no longer needed.</summary>
    /// <param name="groups">Groups that are no more.</param>
    /// <param name="isPlaced">Whether a finding is still in the graph.</param>
    public void Forget(IEnumerable<long> groups, Func<FindingId, bool> isPlaced)
    {
        foreach (var group in groups) _free.Remove(group);
        foreach (var key in _homes.Keys.Where(key => !isPlaced(new FindingId(key.ToString("x32", CultureInfo.InvariantCulture)))).ToList()) _homes.Remove(key);
        var used = _homes.Values.Select(home => home.Now).Concat(_homes.Values).Concat(_free.Values).ToHashSet();
        foreach (var incident in _byId.Values.Where(incident => !used.Contains(incident)).ToList()) _byId.Remove(incident.Id);
    }

    private void Settle(UInt128 key, StoredIncident? from, StoredIncident? to)
    {
        if (from is not null) from.Size--;
        if (to is null) return;
        to.Now.Size++;
        _homes[key] = to;
    }

    // Ids are 128 bits in hexadecimal; half the memory as a number. Anything else is hashed.
    private static UInt128 KeyOf(FindingId id) =>
        id.Value.Length == 32 && UInt128.TryParse(id.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key)
            ? key
            : new UInt128(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value)), 0), BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value)), 8));
}
