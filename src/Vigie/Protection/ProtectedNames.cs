using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>
/// Every name that is guarded: the organisation's own, its partners', the packs', the operator's additions and the
/// domains one corresponds with. Readers see one immutable index; a change builds a new one and swaps it in.
/// </summary>
public sealed class ProtectedNames : IDisposable
{
    private readonly ProtectionSettings _settings;
    private readonly ProtectedNameTable? _table;
    private readonly SemaphoreSlim _changes = new(1, 1);
    private IReadOnlyList<string> _added = [];
    private IReadOnlyList<string> _correspondents = [];
    private volatile Snapshot _current;

    internal ProtectedNames(ProtectionSettings settings, ProtectedNameTable? table = null)
    {
        _settings = settings;
        _table = table;
        Zones = new Zones(settings.Packs);
        _current = Build();
    }

    /// <summary>The look-alike index of all names, immutable.</summary>
    public LookalikeIndex Index => _current.Index;

    /// <summary>Every guarded name once, most authoritative origin first.</summary>
    public IReadOnlyList<ProtectedName> All => _current.Names;

    internal Zones Zones { get; }

    /// <summary>Whether a normalised domain is one of the organisation's own or lies below one.</summary>
    public bool IsOwn(string asciiDomain)
    {
        foreach (var own in _settings.OwnDomains)
        {
            if (IsOrBelow(asciiDomain, own)) return true;
        }

        return false;
    }

    /// <summary>Reads the operator's additions again and swaps in a new index.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            if (_table is not null) _added = await _table.ListAsync(ct);
            _current = Build();
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Guards one more name.</summary>
    /// <param name="name">The domain as typed.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="reason">Why; kept in the journal.</param>
    /// <param name="ct">Cancels the wait, not the change once it is committed.</param>
    /// <returns>False where the name was guarded through the store already.</returns>
    /// <exception cref="ArgumentException">The name is not a domain name, or is a whole top-level domain.</exception>
    public async Task<bool> AddAsync(string name, string actor, string reason, CancellationToken ct)
    {
        var domain = Normalized(name);
        if (!domain.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"\"{name}\" is a whole top-level domain; name the domain that is to be guarded", nameof(name));

        var added = await Table.AddAsync(domain, actor, reason, ct);
        await ReloadAsync(ct);
        return added;
    }

    /// <summary>Stops guarding a name that <see cref="AddAsync"/> added; settings and packs are not touched.</summary>
    /// <returns>False where the store did not have it.</returns>
    /// <exception cref="ArgumentException">The name is not a domain name.</exception>
    public async Task<bool> RemoveAsync(string name, string actor, string reason, CancellationToken ct)
    {
        var removed = await Table.RemoveAsync(Normalized(name), actor, reason, ct);
        await ReloadAsync(ct);
        return removed;
    }

    /// <summary>Replaces the domains that are guarded because the organisation corresponds with them.</summary>
    /// <param name="domains">Normalised domains; public suffixes and names that are guarded anyway are left out.</param>
    /// <param name="ct">Cancels the wait for another change.</param>
    public async Task SetCorrespondentsAsync(IReadOnlyList<string> domains, CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            _correspondents = domains;
            _current = Build();
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changes.Dispose();

    private ProtectedNameTable Table =>
        _table ?? throw new InvalidOperationException("these protected names were built without a store");

    private static string Normalized(string name) =>
        DomainNames.TryNormalize(name, out var ascii, out var problem)
            ? ascii
            : throw new ArgumentException($"\"{name}\" is not a domain name: {problem}", nameof(name));

    private Snapshot Build()
    {
        var names = _settings.OwnDomains.Select(domain => new ProtectedName(domain, ProtectedOrigin.Own, "settings"))
            .Concat(_settings.Partners.Select(domain => new ProtectedName(domain, ProtectedOrigin.Partner, "settings")))
            .Concat(_added.Select(domain => new ProtectedName(domain, ProtectedOrigin.Partner, "operator")))
            .Concat(_settings.Packs.SelectMany(pack => pack.Names.Select(name => new ProtectedName(name.Domain, ProtectedOrigin.Pack, pack.Id, name.Owner))))
            .Concat(_correspondents.Where(domain => !PublicSuffixes.Default.IsSuffix(domain)).Select(domain => new ProtectedName(domain, ProtectedOrigin.Correspondent, "mail")))
            .DistinctBy(name => name.Domain, StringComparer.Ordinal)
            .ToList();
        return new Snapshot(names, LookalikeIndex.Build(names));
    }

    private static bool IsOrBelow(string domain, string parent) =>
        domain.EndsWith(parent, StringComparison.Ordinal)
        && (domain.Length == parent.Length || domain[domain.Length - parent.Length - 1] == '.');

    private sealed record Snapshot(IReadOnlyList<ProtectedName> Names, LookalikeIndex Index);
}
