using System.Text;
using Vigie.Engine;

namespace Vigie.Governance;

/// <summary>Which passwords are taken: long ones that are not the first a guesser tries. No composition rules.</summary>
public static class PasswordRule
{
    /// <summary>Fewest characters (Unicode scalar values) of a password.</summary>
    public const int MinLength = 12;

    /// <summary>Most characters; only there to bound the work.</summary>
    public const int MaxLength = 256;

    // What is left of the well-known lists once everything shorter than twelve characters is gone.
    private static readonly string[] Guessed =
    [
        "password", "passw0rd", "motdepasse", "azertyuiop", "qwertyuiop", "qwertzuiop", "qwerty", "azerty", "letmein",
        "iloveyou", "welcome", "bienvenue", "bonjour", "administrator", "administrateur", "admin", "changeme", "abcdefghijkl",
        "1234567890", "123456", "vigie", "secret", "soleil", "doudou", "football",
    ];

    /// <summary>Why a password is not taken; null where it is.</summary>
    public static Bilingual? Problem(string password, string accountName)
    {
        var length = password.EnumerateRunes().Count();
        if (length < MinLength)
        {
            return new Bilingual(
                $"The password needs at least {MinLength} characters. A few unrelated words are easy to remember and hard to guess.",
                $"Le mot de passe doit compter au moins {MinLength} caractères. Quelques mots sans lien sont faciles à retenir et difficiles à deviner.");
        }

        if (length > MaxLength)
        {
            return new Bilingual(
                $"The password may have at most {MaxLength} characters.",
                $"Le mot de passe peut compter au plus {MaxLength} caractères.");
        }

        if (IsGuessable(password, accountName))
        {
            return new Bilingual(
                "This password is one of the first that would be tried. Choose another.",
                "Ce mot de passe est l’un des premiers qui seraient essayés. Choisissez-en un autre.");
        }

        return null;
    }

    // Take away everything a guesser tries first; if less than a few characters of the person's own remain, it is guessable.
    private static bool IsGuessable(string password, string accountName)
    {
        const int own = 6;
        var rest = password.ToLowerInvariant();
        foreach (var known in Guessed.Append(accountName.ToLowerInvariant()).Where(word => word.Length >= 4))
            rest = rest.Replace(known, "", StringComparison.Ordinal);

        var distinct = new HashSet<Rune>(rest.EnumerateRunes());
        return distinct.Count < own || IsSequence(rest);
    }

    private static bool IsSequence(string text)
    {
        var steps = text.Zip(text.Skip(1), (a, b) => b - a).Distinct().Take(2).ToList();
        return steps is [1] or [-1] or [0];
    }
}
