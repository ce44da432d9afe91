namespace Vigie.Engine.Sigma.Linting;

/// <summary>Looks at detections as they are written, for what runs and is not meant.</summary>
internal static class DetectionLint
{
    public static void Check(SigmaMap detection, ProblemSink problems)
    {
        foreach (var (name, value, _) in detection.Entries)
        {
            if (name is "condition" or "timeframe") continue;
            if (value is SigmaMap map) Map(map, problems);
            else if (value is SigmaList list) foreach (var item in list.Items.OfType<SigmaMap>()) Map(item, problems);
            else if (value is SigmaScalar { IsNull: false }) problems.Warning(value.Line, "detection.scalar", $"'{name}' is a single text; the specification has lists and maps here.", $"« {name} » est un simple texte ; la spécification attend une liste ou une table.");
        }
    }

    private static void Map(SigmaMap map, ProblemSink problems)
    {
        foreach (var (key, value, line) in map.Entries)
        {
            var words = key.Split('|');
            var modifiers = words.AsSpan(1);
            if (modifiers.Contains("base64offset") && words[0].Length > 0 && !modifiers.Contains("contains"))
                problems.Warning(line, "modifier.offset-alone", "'base64offset' finds a value inside of a longer text; without 'contains' it compares the whole field.", "« base64offset » cherche une valeur dans un texte plus long ; sans « contains », il compare tout le champ.");
            if (modifiers.Contains("utf16") && !modifiers.Contains("base64") && !modifiers.Contains("base64offset"))
                problems.Warning(line, "modifier.utf16-alone", "The byte order mark of 'utf16' is no text; it needs an encoding behind it.", "L'indicateur d'ordre de « utf16 » n'est pas du texte ; il faut un encodage derrière.");
            if (value is SigmaList list) Repeated(list, modifiers.Contains("cased") || modifiers.Contains("re") || modifiers.Contains("base64") || modifiers.Contains("base64offset"), problems);
            foreach (var item in value is SigmaList items ? items.Items : [value]) Value(item, modifiers, problems);
        }
    }

    private static void Repeated(SigmaList list, bool cased, ProblemSink problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (item.Text is { } text && !seen.Add(cased ? text : CaseFolding.Fold(text)))
                problems.Warning(item.Line, "value.repeated", "This value stands in the list before.", "Cette valeur figure déjà dans la liste.");
        }
    }

    private static void Value(SigmaNode item, ReadOnlySpan<string> modifiers, ProblemSink problems)
    {
        if (item.Text is not { } text) return;
        if (modifiers.Contains("expand") && text.Count(c => c == '%') < 2)
            problems.Warning(item.Line, "modifier.expand-nothing", "There is no placeholder here for 'expand'.", "Il n'y a pas ici de paramètre pour « expand ».");
        if (modifiers.Contains("re") || modifiers.Contains("fieldref") || text.Length == 0) return;
        var isPlaced = modifiers.Contains("contains") || modifiers.Contains("startswith") || modifiers.Contains("endswith");
        if (isPlaced && TextPattern.Parse(text).Parts is [{ Kind: PatternPartKind.AnyMany }])
            problems.Warning(item.Line, "value.anything", "This matches every value; 'exists' asks whether the field is there.", "Toute valeur convient ; « exists » demande si le champ est présent.");
    }
}
