using Vigie.Engine;
using Vigie.Engine.Lookalikes;

namespace Vigie.Console;

/// <summary>What each family of imitation is called in a list.</summary>
internal static class FamilyTexts
{
    /// <summary>The family by its stored name; null where there is none or an unknown one.</summary>
    public static Bilingual? Find(string? name) => Enum.TryParse<ImitationFamily>(name, ignoreCase: true, out var family) && Enum.IsDefined(family) ? Name(family) : null;

    public static Bilingual Name(ImitationFamily family) => family switch
    {
        ImitationFamily.Omission => new("letter missing", "lettre oubliée"),
        ImitationFamily.Insertion => new("letter too many", "lettre en trop"),
        ImitationFamily.Repetition => new("letter doubled", "lettre doublée"),
        ImitationFamily.Transposition => new("letters swapped", "lettres inversées"),
        ImitationFamily.Replacement => new("wrong letter", "mauvaise lettre"),
        ImitationFamily.DoubleReplacement => new("wrong doubled letter", "mauvaise lettre doublée"),
        ImitationFamily.VowelSwap => new("wrong vowel", "mauvaise voyelle"),
        ImitationFamily.Plural => new("singular or plural", "singulier ou pluriel"),
        ImitationFamily.Hyphenation => new("hyphen too many", "tiret en trop"),
        ImitationFamily.HyphenRemoval => new("hyphen missing", "tiret oublié"),
        ImitationFamily.Homoglyph => new("same look", "même apparence"),
        ImitationFamily.Confusable => new("foreign character", "caractère étranger"),
        ImitationFamily.Bitsquat => new("bit flipped", "bit inversé"),
        ImitationFamily.Homophone => new("same sound", "même son"),
        ImitationFamily.NumberWord => new("number as word", "nombre en lettres"),
        ImitationFamily.SubdomainInsertion => new("dot inside", "point à l’intérieur"),
        ImitationFamily.MissingDot => new("dot missing", "point oublié"),
        ImitationFamily.DotToDash => new("hyphen for dot", "tiret pour un point"),
        ImitationFamily.Combosquat => new("name in a longer one", "nom dans un plus long"),
        ImitationFamily.TldTypo => new("slip in the ending", "erreur dans la terminaison"),
        ImitationFamily.WrongTld => new("other ending", "autre terminaison"),
        ImitationFamily.WrongSecondLevel => new("other second level", "autre second niveau"),
        ImitationFamily.BrandAsSubdomain => new("in front of another name", "devant un autre nom"),
        ImitationFamily.Addition => new("character at the end", "caractère à la fin"),
        ImitationFamily.Prefix => new("prefix without its dot", "préfixe sans son point"),
        _ => new(family.ToString(), family.ToString()),
    };
}
