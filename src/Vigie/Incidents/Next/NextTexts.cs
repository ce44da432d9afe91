using Vigie.Engine;

namespace Vigie.Incidents.Next;

/// <summary>What the part on what comes next says.</summary>
internal static class NextTexts
{
    /// <summary>What to type, the same in every language.</summary>
    public const string TrainLine = "vigie train next-technique --from enterprise-attack.json";

    public static readonly Bilingual Title = new("What comes next", "Ce qui peut suivre");
    public static readonly Bilingual HowToTrain = new(
        "No model has been trained yet. Download ATT&CK as a STIX bundle, then on the node:",
        "Aucun modèle n’a encore été entraîné. Téléchargez ATT&CK comme paquet STIX, puis sur le nœud :");
    public static readonly Bilingual Broken = new("The model cannot be read", "Le modèle ne peut pas être lu");
    public static readonly Bilingual NoTechniques = new(
        "The rules of this incident name no ATT&CK technique, so nothing can be foretold.",
        "Les règles de cet incident ne nomment aucune technique ATT&CK : rien ne peut être prévu.");
    public static readonly Bilingual NothingKnown = new(
        "After the techniques seen, the model knows of nothing that comes later.",
        "Après les techniques vues, le modèle ne connaît rien qui vienne plus tard.");
    public static readonly Bilingual Rules = new("our rules that look for it", "nos règles qui la cherchent");
    public static readonly Bilingual Coverage = new("coverage", "couverture");
    public static readonly Bilingual LookNow = new("Look at now", "À regarder maintenant");
    public static readonly Bilingual Hinders = new("What hinders it", "Ce qui l’entrave");
    public static readonly Bilingual Unknown = new("Not in the model", "Absentes du modèle");

    public static Bilingual Lead(string seen) => new(
        $"Likely from here on, judged by who used the techniques seen ({seen}); the share is of campaigns and groups, the most similar counting most.",
        $"Probable à partir d’ici, d’après ceux qui ont employé les techniques vues ({seen}) ; la part est celle des campagnes et groupes, les plus semblables comptant le plus.");

    public static Bilingual Support(string used, string alike) => new($"{used} of {alike} similar", $"{used} sur {alike} semblables");

    public static Bilingual Source(string cases, string modified) => new(
        $"From {cases} campaigns and groups of MITRE ATT&CK® (as of {modified}), © The MITRE Corporation, reproduced and distributed with its permission. What nobody reported is not in it.",
        $"D’après {cases} campagnes et groupes de MITRE ATT&CK® (au {modified}), © The MITRE Corporation, reproduits et diffusés avec sa permission. Ce que personne n’a rapporté n’y est pas.");
}
