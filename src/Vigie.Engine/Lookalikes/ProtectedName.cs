namespace Vigie.Engine.Lookalikes;

/// <summary>Why a name is protected.</summary>
public enum ProtectedOrigin
{
    /// <summary>A domain of the organisation itself.</summary>
    Own,

    /// <summary>A domain of somebody named as a partner in the settings.</summary>
    Partner,

    /// <summary>A domain from a pack.</summary>
    Pack,

    /// <summary>A domain with which mail has been exchanged.</summary>
    Correspondent,
}

/// <summary>A name whose imitations are looked for.</summary>
/// <param name="Domain">The domain in lower-case A-labels.</param>
/// <param name="Origin">Why it is protected.</param>
/// <param name="Source">Where that is written: a pack's id, a settings key.</param>
/// <param name="Owner">Whose it is, for people.</param>
public sealed record ProtectedName(string Domain, ProtectedOrigin Origin, string Source, string? Owner = null);
