namespace Vigie.Engine.Lookalikes;

/// <summary>
/// A domain name cut where the public suffix list says that one owner's names end: <c>us.af.mil</c> is
/// <c>us</c> . <c>af</c> . <c>mil</c>. A name that is itself a public suffix has an empty <see cref="Label"/>.
/// </summary>
/// <param name="Subdomain">The labels below the registrable domain, without a final dot; may be empty.</param>
/// <param name="Label">The label that somebody registered; empty for a public suffix itself.</param>
/// <param name="Suffix">The public suffix; never empty.</param>
public readonly record struct DomainParts(string Subdomain, string Label, string Suffix)
{
    /// <summary>The domain one registers, <c>af.mil</c>; the suffix itself where there is none.</summary>
    public string Registrable => Label.Length == 0 ? Suffix : $"{Label}.{Suffix}";
}
