namespace Vigie.Engine.Lookalikes;

/// <summary>That one name imitates a protected one, how, and how likely a slip is.</summary>
/// <param name="Target">The protected name.</param>
/// <param name="Suspect">The name that was asked about, in A-labels.</param>
/// <param name="Family">The likeliest way in which it comes about.</param>
/// <param name="Likelihood">The same scale as <see cref="Candidate.Likelihood"/>.</param>
public sealed record Imitation(ProtectedName Target, string Suspect, ImitationFamily Family, double Likelihood)
{
    private readonly double? _resemblance;

    /// <summary>How readily a reader takes the suspect for the target: 0 not at all, 1 not to be told apart. Computed when asked for.</summary>
    public double Resemblance
    {
        get => _resemblance ?? Resembling();
        init => _resemblance = value;
    }

    /// <summary>How many characters of <see cref="Suspect"/> stand before what imitates: 5 in <c>mail.army.ml</c>.</summary>
    public int Start { get; init; }

    /// <summary>How the suspect comes from the target, in words.</summary>
    public Bilingual Explanation => Lookalikes.Explanation.Of(Target.Domain, Suspect[Start..], Family);

    /// <summary>The suspect as it was probably meant: <c>mail.army.mil</c> for <c>mail.army.ml</c>.</summary>
    public string Correction => Suspect[..Start] + Target.Domain;

    private double Resembling() =>
        NameShape.Of(Target.Domain) is { } target && NameShape.Of(Suspect[Start..]) is { } suspect ? Lookalikes.Resemblance.Of(target, suspect) : 0;
}
