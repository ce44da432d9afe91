using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What an act in the journal is called, contributed by the part that journals it.</summary>
/// <param name="Action">The dotted id, as given to <see cref="Governance.Journal.Append"/>.</param>
/// <param name="Name">In words.</param>
public sealed record JournalAct(string Action, Bilingual Name);

internal static class JournalTexts
{
    public static readonly Bilingual Intro = new(
        "Who changed what happens to mail, settings or accounts, when and why. Entries are never changed or deleted.",
        "Qui a changé le sort du courrier, les réglages ou les comptes, quand et pourquoi. Les entrées ne sont ni modifiées ni supprimées.");
    public static readonly Bilingual Time = new("Time", "Heure");
    public static readonly Bilingual Actor = new("Who", "Qui");
    public static readonly Bilingual Act = new("Act", "Acte");
    public static readonly Bilingual Subject = new("On what", "Sur quoi");
    public static readonly Bilingual Nothing = new("No entry fits", "Aucune entrée ne correspond");
    public static readonly Bilingual NothingHow = new(
        "Who and subject must match exactly. Clear the search to see everything.",
        "Qui et sujet doivent correspondre exactement. Effacez la recherche pour tout voir.");

    /// <summary>The acts of the shell's own part.</summary>
    public static readonly IReadOnlyList<JournalAct> Acts =
    [
        new("account.setup", new("first account", "premier compte")),
        new("account.add", new("account added", "compte ajouté")),
        new("account.role", new("role changed", "rôle changé")),
        new("account.disable", new("account disabled", "compte désactivé")),
        new("account.enable", new("account enabled", "compte réactivé")),
        new("account.reset", new("account reset", "compte réinitialisé")),
        new("account.password", new("password set", "mot de passe défini")),
        new("account.second-factor-on", new("second factor on", "second facteur activé")),
        new("account.second-factor-off", new("second factor off", "second facteur désactivé")),
        new("account.recovery-code", new("recovery code used", "code de secours utilisé")),
    ];
}
