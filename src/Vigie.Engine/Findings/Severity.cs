namespace Vigie.Engine.Findings;

/// <summary>How much a finding matters if it is true; the five levels of the Sigma specification.</summary>
public enum Severity
{
    /// <summary>Worth keeping, not worth looking at by itself.</summary>
    Informational,

    /// <summary>Notable; look when there is time.</summary>
    Low,

    /// <summary>Should be looked at.</summary>
    Medium,

    /// <summary>Should be looked at soon.</summary>
    High,

    /// <summary>Should be looked at now.</summary>
    Critical,
}
