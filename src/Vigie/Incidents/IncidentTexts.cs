using Vigie.Engine;

namespace Vigie.Incidents;

/// <summary>The words for what every incident has, as all pages and the history say them.</summary>
internal static class IncidentTexts
{
    public static readonly Bilingual Incident = new("Incident", "Incident");
    public static readonly Bilingual Status = new("Status", "État");
    public static readonly Bilingual Verdict = new("Verdict", "Verdict");
    public static readonly Bilingual Score = new("Score", "Score");
    public static readonly Bilingual AssignedTo = new("Assigned to", "Attribué à");
    public static readonly Bilingual Nobody = new("nobody", "personne");
    public static readonly Bilingual AssignToMe = new("Assign to me", "Me l’attribuer");
    public static readonly Bilingual Attach = new("Attach", "Joindre");
    public static readonly Bilingual Remove = new("Remove", "Retirer");
    public static readonly Bilingual With = new("with", "avec");

    public static Bilingual Name(IncidentStatus status) => status switch
    {
        IncidentStatus.New => new("new", "nouveau"),
        IncidentStatus.InWork => new("in work", "en cours"),
        IncidentStatus.Waiting => new("waiting", "en attente"),
        IncidentStatus.Closed => new("closed", "clos"),
        _ => new("merged", "fusionné"),
    };

    /// <summary>The style of a status' tag.</summary>
    public static string Class(IncidentStatus status) => status switch
    {
        IncidentStatus.New => "info",
        IncidentStatus.Closed => "ok",
        _ => "",
    };

    public static Bilingual Name(IncidentVerdict verdict) => verdict switch
    {
        IncidentVerdict.True => new("true", "vrai"),
        IncidentVerdict.Benign => new("benign", "bénin"),
        _ => new("false", "faux"),
    };

    /// <summary>What a verdict says.</summary>
    public static Bilingual Hint(IncidentVerdict verdict) => verdict switch
    {
        IncidentVerdict.True => new("it happened as the findings say", "cela s’est passé comme le disent les constats"),
        IncidentVerdict.Benign => new("it happened, and was meant to", "cela s’est passé, et c’était voulu"),
        _ => new("the findings are wrong", "les constats sont erronés"),
    };

    /// <summary>How soon a score asks for somebody.</summary>
    public static Bilingual Band(double score) => score switch
    {
        >= 70 => new("now", "urgent"),
        >= 45 => new("soon", "bientôt"),
        >= 20 => new("today", "aujourd’hui"),
        _ => new("later", "plus tard"),
    };

    /// <summary>The same as a style.</summary>
    public static string BandClass(double score) => score switch { >= 70 => "b4", >= 45 => "b3", >= 20 => "b2", _ => "b1" };

    /// <summary>What a watch is called; its own name where it is a newer one.</summary>
    public static Bilingual Watch(string watch) => watch switch
    {
        "mail" => new("mail", "courrier"),
        "domains" => new("domains", "domaines"),
        "logs" => new("logs", "journaux"),
        _ => new(watch, watch),
    };
}
