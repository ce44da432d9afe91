namespace Vigie.Governance;

/// <summary>A person who may log in to the console.</summary>
/// <param name="Id">Random, never reused.</param>
/// <param name="Name">What the person types at login; unique without regard to case.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="Language"><c>en</c>, <c>fr</c>, or null to follow the browser.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>, or null to follow the device.</param>
/// <param name="HasPassword">False until the invitation was used.</param>
/// <param name="HasSecondFactor">Whether login asks for a code.</param>
/// <param name="Disabled">A disabled account cannot log in and has no sessions.</param>
/// <param name="Created">When it was added.</param>
/// <param name="LastLogin">The last successful login, if any.</param>
public sealed record Account(
    string Id,
    string Name,
    Role Role,
    string? Language,
    string? Theme,
    bool HasPassword,
    bool HasSecondFactor,
    bool Disabled,
    DateTimeOffset Created,
    DateTimeOffset? LastLogin);
