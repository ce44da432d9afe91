using Vigie.Engine.Lookalikes;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>Whose imitations the feeds are searched for.</summary>
public enum FeedTargets
{
    /// <summary>The own domains.</summary>
    Own,

    /// <summary>The own domains and the partners'.</summary>
    Partners,

    /// <summary>Every protected name, those of the packs too.</summary>
    All,
}

/// <summary>Finds which protected names a name imitates. The names may change while feeds are read.</summary>
/// <param name="names">The protected names; another list whenever they changed.</param>
/// <param name="targets">Which of them count.</param>
internal sealed class ProtectedLookup(Func<IReadOnlyList<ProtectedName>> names, FeedTargets targets)
{
    // One name seldom imitates more than one or two; the best are enough to look into it.
    private const int MostTargets = 3;

    private readonly Lock _lock = new();
    private IReadOnlyList<ProtectedName>? _builtFrom;
    private LookalikeIndex _index = LookalikeIndex.Build([]);
    private LookalikeIndex _all = LookalikeIndex.Build([]);

    /// <summary>The imitations; null where <paramref name="name"/> is no domain name.</summary>
    public IReadOnlyList<NameMatch>? Find(string name)
    {
        if (!DomainNames.TryNormalize(name, out var domain, out _)) return null;
        var (index, all) = Current();
        var found = index.Find(domain, MostTargets);
        // Most names imitate nothing; the rest must not be known names either.
        return found.Count == 0 || all.IsProtected(domain) ? [] : [.. found.Select(Match)];
    }

    private (LookalikeIndex Index, LookalikeIndex All) Current()
    {
        var now = names();
        lock (_lock)
        {
            if (ReferenceEquals(now, _builtFrom)) return (_index, _all);
            _all = LookalikeIndex.Build(now);
            _index = targets == FeedTargets.All ? _all : LookalikeIndex.Build(now.Where(Counts));
            _builtFrom = now;
            return (_index, _all);
        }
    }

    private bool Counts(ProtectedName name) =>
        name.Origin == ProtectedOrigin.Own || targets == FeedTargets.Partners && name.Origin == ProtectedOrigin.Partner;

    private static NameMatch Match(Imitation imitation)
    {
        var registrable = PublicSuffixes.Default.TrySplit(imitation.Suspect, out var parts) ? parts.Registrable : imitation.Suspect;
        return new NameMatch(
            imitation.Suspect, registrable, imitation.Target.Domain, imitation.Family.ToString(), imitation.Likelihood, imitation.Resemblance, imitation.Explanation);
    }
}
