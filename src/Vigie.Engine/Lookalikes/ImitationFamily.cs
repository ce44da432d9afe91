namespace Vigie.Engine.Lookalikes;

/// <summary>How one name came to look like another. The order is stable: names are stored, numbers are not.</summary>
public enum ImitationFamily
{
    /// <summary>A letter is missing: <c>amy.mil</c>.</summary>
    Omission,

    /// <summary>A letter too many: <c>artmy.mil</c>.</summary>
    Insertion,

    /// <summary>A letter typed twice: <c>arrmy.mil</c>.</summary>
    Repetition,

    /// <summary>Two neighbours exchanged: <c>amry.mil</c>.</summary>
    Transposition,

    /// <summary>Another letter: <c>atmy.mil</c>.</summary>
    Replacement,

    /// <summary>A doubled letter replaced by another doubled letter: <c>giigle.com</c>.</summary>
    DoubleReplacement,

    /// <summary>One vowel for another: <c>ermy.mil</c>.</summary>
    VowelSwap,

    /// <summary>Plural for singular or the reverse: <c>armys.mil</c>.</summary>
    Plural,

    /// <summary>A hyphen too many: <c>ar-my.mil</c>.</summary>
    Hyphenation,

    /// <summary>A hyphen missing: <c>redcross.org</c> for <c>red-cross.org</c>.</summary>
    HyphenRemoval,

    /// <summary>ASCII that looks the same: <c>arrny.mil</c>.</summary>
    Homoglyph,

    /// <summary>Characters of other alphabets, or with marks, that look the same.</summary>
    Confusable,

    /// <summary>One bit flipped in memory or on the wire: nobody typed it.</summary>
    Bitsquat,

    /// <summary>Written as it sounds: <c>fone.com</c>.</summary>
    Homophone,

    /// <summary>A number written as a digit or as a word: <c>4army.com</c>.</summary>
    NumberWord,

    /// <summary>A dot inside the name: <c>ar.my.mil</c>.</summary>
    SubdomainInsertion,

    /// <summary>A dot missing: <c>usaf.mil</c> for <c>us.af.mil</c>.</summary>
    MissingDot,

    /// <summary>A hyphen in place of a dot: <c>us-af.mil</c>.</summary>
    DotToDash,

    /// <summary>The name inside a longer one: <c>army-login.com</c>.</summary>
    Combosquat,

    /// <summary>A slip in the top-level domain that gives another one: <c>army.ml</c>.</summary>
    TldTypo,

    /// <summary>Another top-level domain: <c>army.com</c>.</summary>
    WrongTld,

    /// <summary>Another public suffix under or above the same one: <c>sante.com.ml</c>, <c>sante.ml</c>.</summary>
    WrongSecondLevel,

    /// <summary>The name as the beginning of somebody else's: <c>army.mil.example.com</c>.</summary>
    BrandAsSubdomain,

    /// <summary>A character added at the end: <c>army1.mil</c>.</summary>
    Addition,

    /// <summary>A host's usual first label without its dot: <c>wwwarmy.mil</c>.</summary>
    Prefix,
}
