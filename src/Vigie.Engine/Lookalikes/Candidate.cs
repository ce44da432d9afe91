namespace Vigie.Engine.Lookalikes;

/// <summary>A name that may be taken, or typed, for another.</summary>
/// <param name="Domain">The name in A-labels; a valid domain name, never the original.</param>
/// <param name="Family">The likeliest way in which it comes about.</param>
/// <param name="Likelihood">The probability that somebody who types the original once ends with exactly this name.</param>
public readonly record struct Candidate(string Domain, ImitationFamily Family, double Likelihood)
{
    /// <summary>How readily a reader takes this name for the original: 0 not at all, 1 not to be told apart.</summary>
    public double Resemblance { get; init; }

    /// <summary>How the name comes from <paramref name="target"/>, in words.</summary>
    public Bilingual Explain(string target) => Explanation.Of(target, Domain, Family);
}

/// <summary>Receives candidates as they are made: unsorted, and one name may come twice by different ways.</summary>
public interface ICandidateSink
{
    /// <summary>Takes one candidate; the text is only valid during the call.</summary>
    void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood);
}

/// <summary>What a generator makes.</summary>
public sealed record GeneratorOptions
{
    /// <summary>The families wanted; null for all.</summary>
    public IReadOnlyCollection<ImitationFamily>? Families { get; init; }

    /// <summary>The keyboards whose neighbouring keys count.</summary>
    public KeyboardLayouts Keyboards { get; init; } = KeyboardLayouts.All;
}
