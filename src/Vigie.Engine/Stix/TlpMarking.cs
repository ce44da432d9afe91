namespace Vigie.Engine.Stix;

/// <summary>How far something may be passed on: the Traffic Light Protocol 2.0 of FIRST.</summary>
public enum TlpLevel
{
    /// <summary>To everybody.</summary>
    Clear,

    /// <summary>Within the community.</summary>
    Green,

    /// <summary>Within the recipient's organisation and its clients.</summary>
    Amber,

    /// <summary>Within the recipient's organisation only.</summary>
    AmberStrict,

    /// <summary>To the named recipients only.</summary>
    Red,
}

/// <summary>A level as it is written and as STIX 2.1 marks objects with it.</summary>
/// <param name="Level">The level.</param>
/// <param name="Name">As FIRST writes it: <c>TLP:AMBER</c>.</param>
/// <param name="Value">As the property <c>tlp_2_0</c> of the STIX extension has it.</param>
/// <param name="Id">The marking definition that OASIS published for it.</param>
public sealed record TlpMarking(TlpLevel Level, string Name, string Value, string Id)
{
    /// <summary>The extension of STIX 2.1 that defines TLP 2.0.</summary>
    public const string Extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

    /// <summary>When OASIS published the marking definitions.</summary>
    public const string Created = "2022-10-01T00:00:00.000Z";

    /// <summary>The marking of a level.</summary>
    public static TlpMarking Of(TlpLevel level) => level switch
    {
        TlpLevel.Clear => new(level, "TLP:CLEAR", "clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
        TlpLevel.Green => new(level, "TLP:GREEN", "green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
        TlpLevel.AmberStrict => new(level, "TLP:AMBER+STRICT", "amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
        TlpLevel.Red => new(level, "TLP:RED", "red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
        _ => new(level, "TLP:AMBER", "amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    };
}
