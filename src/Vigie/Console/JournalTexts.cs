using System.Text.Json;
using System.Text.Json.Nodes;
using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What an act in the journal is called, contributed by the part that journals it.</summary>
/// <param name="Action">The dotted id, as given to <see cref="Governance.Journal.Append"/>.</param>
/// <param name="Name">In words.</param>
public sealed record JournalAct(string Action, Bilingual Name);

internal static class JournalTexts
{
    public static readonly Bilingual Intro = new(
        "Who changed what happens to mail, what is shown, settings or accounts, when and why. Entries are never changed or deleted.",
        "Qui a changé le sort du courrier, ce qui est montré, les réglages ou les comptes, quand et pourquoi. Les entrées ne sont ni modifiées ni supprimées.");
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

    /// <summary>The details of an entry in a line: <c>{"role":"Analyst"}</c> becomes <c>role: Analyst</c>. What is no flat object stays as it is stored.</summary>
    public static string Details(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject details && details.All(field => field.Value is not (JsonObject or JsonArray))
                ? string.Join(", ", details.Select(field => $"{field.Key}: {field.Value?.ToString() ?? "–"}"))
                : json;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return json;
        }
    }
}
