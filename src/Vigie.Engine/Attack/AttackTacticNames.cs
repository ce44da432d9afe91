namespace Vigie.Engine.Attack;

/// <summary>The tactics of ATT&amp;CK in words of both languages; MITRE itself names them in English only.</summary>
public static class AttackTacticNames
{
    /// <summary>The name within a sentence; the short name itself where the tactic is not known.</summary>
    /// <param name="shortName">As in <see cref="AttackTactic.ShortName"/>.</param>
    public static Bilingual Of(string shortName) => shortName switch
    {
        "reconnaissance" => new("reconnaissance", "reconnaissance"),
        "resource-development" => new("resource development", "préparation de moyens"),
        "initial-access" => new("initial access", "accès initial"),
        "execution" => new("execution", "exécution"),
        "persistence" => new("persistence", "persistance"),
        "privilege-escalation" => new("privilege escalation", "élévation de privilèges"),
        "defense-evasion" => new("defense evasion", "contournement des défenses"),
        "credential-access" => new("credential access", "accès aux identifiants"),
        "discovery" => new("discovery", "découverte"),
        "lateral-movement" => new("lateral movement", "mouvement latéral"),
        "collection" => new("collection", "collecte"),
        "command-and-control" => new("command and control", "commande et contrôle"),
        "exfiltration" => new("exfiltration", "exfiltration"),
        "impact" => new("impact", "impact"),
        _ => new(shortName, shortName),
    };
}
