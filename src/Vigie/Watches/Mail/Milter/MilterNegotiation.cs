namespace Vigie.Watches.Mail.Milter;

/// <summary>What the MTA offers at the start of a connection.</summary>
/// <param name="Version">The protocol version both sides will speak: 2 to 6.</param>
/// <param name="Actions">What it would let a filter do.</param>
/// <param name="Steps">What it could leave out.</param>
public sealed record MilterOffer(int Version, MilterActions Actions, MilterSteps Steps);

/// <summary>
/// What a session wants of an offer. Wanting more than is offered is not an error: the server masks the request for
/// the wire, answers by itself where the MTA insists on an answer, and never calls a session for a step it left out.
/// </summary>
public sealed record MilterNegotiation
{
    /// <summary>Nothing is changed and every step is wanted with an answer.</summary>
    public static MilterNegotiation Everything { get; } = new();

    /// <summary>What the session may want to do at the end of a message.</summary>
    public MilterActions Actions { get; init; }

    /// <summary>What the session can do without.</summary>
    public MilterSteps Steps { get; init; }

    /// <summary>
    /// The macros wanted at each stage, names separated by spaces (<c>i {auth_authen}</c>), where the MTA offers
    /// <see cref="MilterActions.SetSymbolList"/>; a stage that is absent keeps the MTA's own list, an empty string asks for none.
    /// </summary>
    public IReadOnlyDictionary<MacroStage, string> Symbols { get; init; } = new Dictionary<MacroStage, string>();
}
