using System.Runtime.InteropServices;

namespace Vigie.Engine.Lookalikes;

/// <summary>
/// Makes the names that somebody may type or take for a domain. <see cref="Generate"/> streams them without allocating
/// per candidate; <see cref="Rank"/> gives each once, by its likeliest family, best first.
/// </summary>
public sealed class CandidateGenerator
{
    private static readonly Bilingual TopLevelAlone = new("a top-level domain alone cannot be imitated", "un domaine de premier niveau seul ne peut pas être imité");

    private readonly SlipModel _model;
    private readonly KeyboardLayouts _layouts;

    /// <summary>A generator for the given families and keyboards; all of them by default.</summary>
    public CandidateGenerator(GeneratorOptions? options = null)
    {
        options ??= new GeneratorOptions();
        _layouts = options.Keyboards;
        _model = new SlipModel(Keyboard.Of(options.Keyboards), FamilySet.Of(options.Families));
    }

    /// <summary>
    /// All candidates, each once, likeliest first, then by resemblance, then in ordinal order: the same list in every run.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="domain"/> is no domain name, or a top-level domain alone.</exception>
    public IReadOnlyList<Candidate> Rank(string domain)
    {
        var target = Target(domain);
        var best = new Dictionary<string, (ImitationFamily Family, double Likelihood)>(StringComparer.Ordinal);
        new Generation(target, _model, _layouts, new Collector(best)).Run();
        var candidates = new Candidate[best.Count];
        var count = 0;
        foreach (var (name, (family, likelihood)) in best)
            candidates[count++] = new Candidate(name, family, likelihood) { Resemblance = NameShape.Of(name) is { } shape ? Resemblance.Of(target, shape) : 0 };
        Array.Sort(candidates, BestFirst);
        return candidates;
    }

    /// <summary>Streams all candidates into <paramref name="sink"/>, unsorted; a name that comes about in two ways comes twice.</summary>
    /// <exception cref="ArgumentException"><paramref name="domain"/> is no domain name, or a top-level domain alone.</exception>
    public void Generate(string domain, ICandidateSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        new Generation(Target(domain), _model, _layouts, sink).Run();
    }

    /// <summary>What keeps <paramref name="domain"/> from being imitated: that it is no domain name, or a top-level domain alone; null where nothing does.</summary>
    public static Bilingual? ProblemOf(string? domain)
    {
        if (DomainNames.ProblemOf(domain) is { } problem) return problem;
        return DomainNames.TryNormalize(domain, out var ascii, out _) && NameShape.Of(ascii) is null ? TopLevelAlone : null;
    }

    private static NameShape Target(string domain)
    {
        if (!DomainNames.TryNormalize(domain, out var ascii, out var problem)) throw new ArgumentException(problem, nameof(domain));
        return NameShape.Of(ascii) ?? throw new ArgumentException(TopLevelAlone.English, nameof(domain));
    }

    private static int BestFirst(Candidate left, Candidate right)
    {
        var order = right.Likelihood.CompareTo(left.Likelihood);
        if (order == 0) order = right.Resemblance.CompareTo(left.Resemblance);
        return order != 0 ? order : string.CompareOrdinal(left.Domain, right.Domain);
    }

    private sealed class Collector(Dictionary<string, (ImitationFamily Family, double Likelihood)> best) : ICandidateSink
    {
        private readonly Dictionary<string, (ImitationFamily Family, double Likelihood)>.AlternateLookup<ReadOnlySpan<char>> _lookup = best.GetAlternateLookup<ReadOnlySpan<char>>();

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, domain, out _);
            // Equal likelihoods: the family that stands first, so that the order of generation does not show.
            if (likelihood > known.Likelihood || (likelihood == known.Likelihood && family < known.Family)) known = (family, likelihood);
        }
    }
}
