using System.Globalization;
using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>Compares what a rule says about itself with the JSON schemas of the specification.</summary>
internal sealed partial class HeaderLint(SigmaMap root, ProblemSink problems)
{
    private static readonly string[] Keys =
    [
        "title", "id", "name", "related", "taxonomy", "status", "description", "license", "author", "references", "date", "modified", "logsource",
        "detection", "fields", "falsepositives", "level", "tags", "scope", "correlation", "filter",

        // Ours: the same in French.
        "title_fr", "description_fr", "falsepositives_fr",
    ];

    private static readonly string[] Statuses = ["stable", "test", "experimental", "deprecated", "unsupported"];
    private static readonly string[] Relations = ["derived", "obsolete", "merged", "renamed", "similar"];
    private static readonly string[] Namespaces = ["attack", "car", "cve", "d3fend", "detection", "stp", "tlp"];

    public void Check()
    {
        CheckTitle();
        CheckId();
        CheckWord("status", Statuses);
        if (root.Has("level") && SigmaHeader.LevelOf(root["level"]!.Text) is null)
            problems.Error(Line("level"), "schema.level", "'level' is informational, low, medium, high or critical.", "« level » vaut informational, low, medium, high ou critical.");
        if (!root.Has("level") && root.Has("detection")) problems.Warning(root.Line, "schema.level-missing", "The rule has no level; it counts as medium.", "La règle n'a pas de niveau ; elle compte comme medium.");
        CheckDate("date");
        CheckDate("modified");
        CheckTags();
        CheckRelated();
        CheckTexts("references", 1);
        CheckTexts("falsepositives", 2);
        CheckTexts("fields", 1);
        CheckTexts("scope", 2);
        CheckLength("name", 256);
        CheckLength("taxonomy", 256);
        CheckLength("description", SigmaHeader.MaxDescription);
        CheckFrench();
        CheckLogSource();
        CheckKeys();
        if (root["taxonomy"]?.Text is { } taxonomy && taxonomy != "sigma")
            problems.Warning(Line("taxonomy"), "schema.taxonomy", $"Fields are taken by the names of the taxonomy 'sigma'; for '{taxonomy}' a pipeline must rename them.", $"Les champs suivent la taxonomie « sigma » ; pour « {taxonomy} », un pipeline doit les renommer.");
    }

    private void CheckTitle()
    {
        if (root["title"]?.Text is not { Length: > 0 } title) problems.Error(root.Line, "schema.title", "The rule has no title.", "La règle n'a pas de titre.");
        else if (title.Length > SigmaHeader.MaxTitle) problems.Error(Line("title"), "schema.title", "The title has more than 256 characters.", "Le titre a plus de 256 caractères.");
    }

    private void CheckId()
    {
        if (root["id"] is not { } id)
            problems.Warning(root.Line, "schema.id-missing", "The rule has no id; findings name it by a hash of its file and title.", "La règle n'a pas d'identifiant ; les constats la nomment par un hachage de son fichier et de son titre.");
        else if (!Guid.TryParseExact(id.Text, "D", out _))
            problems.Error(id.Line, "schema.id", "The id is no UUID.", "L'identifiant n'est pas un UUID.");
    }

    private void CheckWord(string key, string[] words)
    {
        if (root[key] is { } node && !words.Contains(node.Text))
            problems.Error(node.Line, $"schema.{key}", $"'{key}' is {string.Join(", ", words)}.", $"« {key} » vaut {string.Join(", ", words)}.");
    }

    private void CheckDate(string key)
    {
        if (root[key] is { } node && !DateOnly.TryParseExact(node.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            problems.Error(node.Line, "schema.date", $"'{key}' is a date such as 2026-03-31.", $"« {key} » est une date telle que 2026-03-31.");
    }

    private void CheckTags()
    {
        if (!CheckTexts("tags", 1)) return;
        foreach (var item in (root["tags"] as SigmaList)?.Items ?? [])
        {
            if (item.Text is not { } tag) continue;
            if (!Tag().IsMatch(tag))
                problems.Error(item.Line, "schema.tag", $"The tag '{Shown(tag)}' is not of the form namespace.name, in lower case.", $"L'étiquette « {Shown(tag)} » n'est pas de la forme espace.nom, en minuscules.");
            else if (!Namespaces.Contains(tag[..tag.IndexOf('.', StringComparison.Ordinal)]))
                problems.Warning(item.Line, "schema.tag-namespace", $"The specification knows no tags of the kind '{Shown(tag)}'.", $"La spécification ne connaît pas d'étiquettes comme « {Shown(tag)} ».");
            else if (!KnownForm(tag))
                problems.Warning(item.Line, "schema.tag-form", $"'{Shown(tag)}' is not of a form this namespace has.", $"« {Shown(tag)} » n'a pas une forme de cet espace.");
        }
    }

    private static bool KnownForm(string tag) => tag[..tag.IndexOf('.', StringComparison.Ordinal)] switch
    {
        "attack" => Attack().IsMatch(tag),
        "car" => Car().IsMatch(tag),
        "cve" => Cve().IsMatch(tag),
        "d3fend" => tag.Length > "d3fend.".Length,
        "detection" => tag is "detection.dfir" or "detection.emerging-threats" or "detection.threat-hunting",
        "stp" => Stp().IsMatch(tag),
        _ => tag is "tlp.red" or "tlp.amber" or "tlp.amber-strict" or "tlp.green" or "tlp.clear",
    };

    private void CheckRelated()
    {
        if (root["related"] is not { } related) return;
        foreach (var item in (related as SigmaList)?.Items ?? [related])
        {
            if (item is not SigmaMap map || !Guid.TryParseExact(map["id"]?.Text, "D", out _) || !Relations.Contains(map["type"]?.Text))
                problems.Error(item.Line, "schema.related", $"A related rule is a map of 'id', a UUID, and 'type': {string.Join(", ", Relations)}.", $"Une règle liée est une table de « id », un UUID, et « type » : {string.Join(", ", Relations)}.");
        }
    }

    private bool CheckTexts(string key, int shortest)
    {
        if (root[key] is not { } node) return true;
        if (node is not SigmaList list)
        {
            problems.Error(node.Line, "schema.list", $"'{key}' is a list of texts.", $"« {key} » est une liste de textes.");
            return false;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (item.Text is not { } text || text.Length < shortest) problems.Error(item.Line, "schema.list", $"'{key}' is a list of texts, none empty.", $"« {key} » est une liste de textes, aucun vide.");
            else if (!seen.Add(text)) problems.Error(item.Line, "schema.repeated", $"'{Shown(text)}' stands twice in '{key}'.", $"« {Shown(text)} » figure deux fois dans « {key} ».");
        }

        return true;
    }

    private void CheckLength(string key, int most)
    {
        if (root[key] is { } node && (node is not SigmaScalar || node.Text?.Length > most))
            problems.Error(node.Line, "schema.text", $"'{key}' is a text of at most {most} characters.", $"« {key} » est un texte d'au plus {most} caractères.");
    }

    // What is wrong here is not shown: the rule then speaks its one language.
    private void CheckFrench()
    {
        CheckLength("title_fr", SigmaHeader.MaxTitle);
        CheckLength("description_fr", SigmaHeader.MaxDescription);
        foreach (var key in (string[])["title_fr", "description_fr"])
        {
            if (root[key] is SigmaScalar scalar && string.IsNullOrWhiteSpace(scalar.Text)) problems.Error(scalar.Line, "schema.text", $"'{key}' is empty.", $"« {key} » est vide.");
        }

        if (!CheckTexts("falsepositives_fr", 2) || root["falsepositives_fr"] is not SigmaList french) return;
        if (SigmaHeader.Texts(root["falsepositives"]).Length != french.Items.Length)
            problems.Error(french.Line, "schema.list", "'falsepositives_fr' has one text for each of 'falsepositives'.", "« falsepositives_fr » a un texte pour chacun de « falsepositives ».");
    }

    private void CheckLogSource()
    {
        if (root["logsource"] is not SigmaMap source) return;
        foreach (var (key, value, line) in source.Entries)
        {
            if (key is not ("product" or "category" or "service")) continue;
            if (value.Text is not { Length: > 0 } term) problems.Error(line, "logsource.form", $"'{key}' is a text.", $"« {key} » est un texte.");
            else if (!Source().IsMatch(term)) problems.Warning(line, "logsource.form", $"'{Shown(term)}' should be in lower case, with underscores for blanks.", $"« {Shown(term)} » devrait être en minuscules, avec des tirets bas pour les espaces.");
        }
    }

    // Custom keys are allowed; one that is a letter or two away from a known one is a slip.
    private void CheckKeys()
    {
        foreach (var (key, _, line) in root.Entries)
        {
            if (Keys.Contains(key) || Keys.FirstOrDefault(known => Distance(known, key.ToLowerInvariant()) <= (known.Length > 5 ? 2 : 1)) is not { } meant) continue;
            problems.Warning(line, "schema.key", $"'{Shown(key)}' is no key of the specification; is '{meant}' meant?", $"« {Shown(key)} » n'est pas une clé de la spécification ; s'agit-il de « {meant} » ?");
        }
    }

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2) return 3;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[^1];
    }

    private int Line(string key) => root[key]!.Line;

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;

    [GeneratedRegex(@"^[a-z0-9_-]+\.[a-z0-9._-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    // A tactic is any word here: their list changes with every version of ATT&CK.
    [GeneratedRegex(@"^attack\.(t\d{4}(\.\d{3})?|[gs]\d{4}|ds\d{4}|[ma]\d{4}|ta\d{4}|[a-z]{2,}(-[a-z]+)*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Attack();

    [GeneratedRegex(@"^car\.\d{4}-\d{2}-\d{3}$", RegexOptions.NonBacktracking)]
    private static partial Regex Car();

    [GeneratedRegex(@"^cve\.\d{4}-\d{4,}$", RegexOptions.NonBacktracking)]
    private static partial Regex Cve();

    [GeneratedRegex(@"^stp\.[1-5][auk]?$", RegexOptions.NonBacktracking)]
    private static partial Regex Stp();

    [GeneratedRegex(@"^[a-z0-9_.\-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Source();
}
