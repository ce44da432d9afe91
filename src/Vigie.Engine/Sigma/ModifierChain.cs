using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>What the modifiers behind a field's name ask for (specification, "Value Modifiers" and the modifiers appendix), checked for sense.</summary>
internal sealed record ModifierChain
{
    private const string Order = "re cidr lt lte gt gte minute hour day week month year exists fieldref";

    /// <summary>What kind of test the values become.</summary>
    public TestKind Kind { get; private set; } = TestKind.Text;

    /// <summary>All values must hold rather than one.</summary>
    public bool All { get; private set; }

    /// <summary>No value may hold.</summary>
    public bool NotEqual { get; private set; }

    /// <summary>Case counts.</summary>
    public bool Cased { get; private set; }

    /// <summary>Placeholders are replaced.</summary>
    public bool Expand { get; private set; }

    /// <summary>What happens to the text, in order.</summary>
    public ImmutableArray<TextStep> Steps { get; private set; } = [];

    /// <summary>The <c>i</c>, <c>m</c> and <c>s</c> behind <c>re</c>.</summary>
    public string RegexFlags { get; private set; } = "";

    /// <summary>How numbers and parts of dates compare.</summary>
    public Comparison? Comparison { get; private set; }

    /// <summary>Which part of a date.</summary>
    public DatePart Part { get; private set; }

    /// <summary>Whether there is any modifier.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>Reads modifiers; <paramref name="problem"/> says why they make no sense, and the result is then null.</summary>
    public static ModifierChain? Read(ReadOnlySpan<string> names, out Bilingual problem)
    {
        problem = default;
        var chain = new ModifierChain { IsPlain = names.Length == 0 };
        for (var i = 0; i < names.Length; i++)
        {
            if (names[..i].Contains(names[i])) return Refuse(out problem, $"'{names[i]}' stands here twice", $"« {names[i]} » figure deux fois");
            if (!chain.Add(names[i], i == 0 ? "" : names[i - 1], out problem)) return null;
        }

        return chain.Check(out problem) ? chain : null;
    }

    private bool Add(string name, string previous, out Bilingual problem)
    {
        problem = default;
        switch (name)
        {
            case "all": All = true; return true;
            case "neq": NotEqual = true; return true;
            case "cased": Cased = true; return true;
            case "expand": Expand = true; return true;
            case "i" or "m" or "s": return AddFlag(name, previous, out problem);
            case "lt": return Compare(Sigma.Comparison.Less, out problem);
            case "lte": return Compare(Sigma.Comparison.LessOrEqual, out problem);
            case "gt": return Compare(Sigma.Comparison.Greater, out problem);
            case "gte": return Compare(Sigma.Comparison.GreaterOrEqual, out problem);
        }

        if (StepOf(name) is { } step)
        {
            Steps = Steps.Add(step);
            return true;
        }

        if (PartOf(name) is { } part)
        {
            Part = part;
            return Become(TestKind.Date, name, out problem);
        }

        switch (name)
        {
            case "re": return Become(TestKind.Regex, name, out problem);
            case "cidr": return Become(TestKind.Cidr, name, out problem);
            case "exists": return Become(TestKind.Exists, name, out problem);
            case "fieldref": return Become(TestKind.Reference, name, out problem);
        }

        Refuse(out problem, $"there is no modifier '{name}'{Hint(name)}", $"il n'y a pas de modificateur « {name} »");
        return false;
    }

    private bool AddFlag(string flag, string previous, out Bilingual problem)
    {
        problem = default;
        RegexFlags += flag;
        if (previous is "re" or "i" or "m" or "s" && Kind == TestKind.Regex) return true;
        Refuse(out problem, $"'{flag}' goes directly behind 're'", $"« {flag} » se place juste après « re »");
        return false;
    }

    private bool Compare(Comparison comparison, out Bilingual problem)
    {
        if (Comparison is not null)
        {
            Refuse(out problem, "a value is compared in one way; use two conditions for a range", "une valeur se compare d'une seule façon ; un intervalle s'écrit en deux conditions");
            return false;
        }

        Comparison = comparison;
        problem = default;
        return Kind == TestKind.Date || Become(TestKind.Number, "a comparison", out problem);
    }

    private bool Become(TestKind kind, string name, out Bilingual problem)
    {
        problem = default;
        if (Kind != TestKind.Text)
        {
            Refuse(out problem, $"'{name}' does not go with another of {Order}", $"« {name} » ne va pas avec un autre de {Order}");
            return false;
        }

        Kind = kind;
        return true;
    }

    private bool Check(out Bilingual problem)
    {
        problem = default;
        var positions = Steps.Count(s => s is TextStep.Contains or TextStep.StartsWith or TextStep.EndsWith);
        if (positions > 1) return No(out problem, "of contains, startswith and endswith a value can have one", "contains, startswith et endswith s'excluent");
        if (NotEqual && All) return No(out problem, "'neq' already means: differs from every value; 'all' with it can be read in two ways", "« neq » signifie déjà : diffère de toutes les valeurs ; avec « all » la lecture est double");
        return Kind switch
        {
            TestKind.Text => CheckSteps(out problem),
            TestKind.Reference => CheckReference(positions, out problem),
            TestKind.Exists when All || NotEqual || Cased || Expand || Steps.Length > 0 => No(out problem, "'exists' stands alone; write false to ask for a missing field", "« exists » s'emploie seul ; écrire false pour exiger l'absence"),
            TestKind.Number when NotEqual => No(out problem, "'neq' with a comparison: use the opposite comparison", "« neq » avec une comparaison : employer la comparaison inverse"),
            TestKind.Regex when Cased && RegexFlags.Contains('i', StringComparison.Ordinal) => No(out problem, "'cased' and 'i' contradict each other", "« cased » et « i » se contredisent"),
            TestKind.Regex when Steps.Length > 0 => No(out problem, "a regular expression finds its text anywhere; use ^ and $ for the ends, and no text modifier", "une expression régulière cherche partout ; marquer les bouts par ^ et $, sans modificateur de texte"),
            TestKind.Exists or TestKind.Regex => true,
            _ when Steps.Length > 0 || (Cased && Kind != TestKind.Regex) => No(out problem, "text modifiers do not go with addresses, numbers and dates", "les modificateurs de texte ne vont pas avec les adresses, les nombres et les dates"),
            _ => true,
        };
    }

    private bool CheckReference(int positions, out Bilingual problem)
    {
        problem = default;
        return Steps.Length == positions || No(out problem, "the value of 'fieldref' is a field's name, which is not encoded", "la valeur de « fieldref » est un nom de champ, qui ne s'encode pas");
    }

    private bool CheckSteps(out Bilingual problem)
    {
        problem = default;
        var encoded = false;
        var wide = false;
        var placed = false;
        foreach (var step in Steps)
        {
            switch (step)
            {
                case TextStep.Windash when encoded || wide:
                    return No(out problem, "'windash' must stand before an encoding", "« windash » se place avant un encodage");
                case TextStep.Base64 or TextStep.Base64Offset when placed:
                    return No(out problem, "wildcards cannot be encoded: the encoding must stand before contains, startswith and endswith", "un joker ne s'encode pas : l'encodage se place avant contains, startswith et endswith");
                case TextStep.Base64 or TextStep.Base64Offset when encoded:
                    return No(out problem, "one Base64 encoding is all that is understood", "un seul encodage Base64 est compris");
                case TextStep.Utf16 or TextStep.Utf16Le or TextStep.Utf16Be when wide || encoded:
                    return No(out problem, "a text is encoded in UTF-16 once, and before Base64", "un texte s'encode une fois en UTF-16, et avant Base64");
            }

            encoded |= step is TextStep.Base64 or TextStep.Base64Offset;
            wide |= step is TextStep.Utf16 or TextStep.Utf16Le or TextStep.Utf16Be;
            placed |= step is TextStep.Contains or TextStep.StartsWith or TextStep.EndsWith;
        }

        return true;
    }

    private static TextStep? StepOf(string name) => name switch
    {
        "contains" => TextStep.Contains,
        "startswith" => TextStep.StartsWith,
        "endswith" => TextStep.EndsWith,
        "windash" => TextStep.Windash,
        "base64" => TextStep.Base64,
        "base64offset" => TextStep.Base64Offset,
        "utf16le" or "wide" => TextStep.Utf16Le,
        "utf16be" => TextStep.Utf16Be,
        "utf16" => TextStep.Utf16,
        _ => null,
    };

    private static DatePart? PartOf(string name) => name switch
    {
        "minute" => DatePart.Minute,
        "hour" => DatePart.Hour,
        "day" => DatePart.Day,
        "week" => DatePart.Week,
        "month" => DatePart.Month,
        "year" => DatePart.Year,
        _ => null,
    };

    private static string Hint(string name) => name.ToLowerInvariant().Trim() is var plain && plain != name && (StepOf(plain) ?? (object?)PartOf(plain)) is not null
        ? $"; write '{plain}'"
        : "";

    private static bool No(out Bilingual problem, string english, string french)
    {
        problem = new Bilingual(english, french);
        return false;
    }

    private static ModifierChain? Refuse(out Bilingual problem, string english, string french)
    {
        problem = new Bilingual(english, french);
        return null;
    }
}

/// <summary>What the values of a field become.</summary>
internal enum TestKind
{
    Text,
    Regex,
    Cidr,
    Number,
    Date,
    Exists,
    Reference,
}

/// <summary>What a modifier does to a text.</summary>
internal enum TextStep
{
    Contains,
    StartsWith,
    EndsWith,
    Windash,
    Base64,
    Base64Offset,
    Utf16,
    Utf16Le,
    Utf16Be,
}
