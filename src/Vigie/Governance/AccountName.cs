using System.Text;
using Vigie.Engine;

namespace Vigie.Governance;

/// <summary>What an account may be called.</summary>
public static class AccountName
{
    /// <summary>Most characters of a name.</summary>
    public const int MaxLength = 64;

    /// <summary>The name as it is compared: two names with one key are one name.</summary>
    public static string Key(string name) => Tidy(name).ToLowerInvariant();

    /// <summary>The name as it is kept.</summary>
    public static string Tidy(string name)
    {
        try
        {
            return name.Trim().Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return ""; // A lone surrogate: no name anybody types.
        }
    }

    /// <summary>Why this cannot be a name; null where it can.</summary>
    public static Bilingual? Problem(string name)
    {
        var tidy = Tidy(name);
        if (tidy.Length is > 0 and <= MaxLength && tidy.All(IsAllowed)) return null;
        return new Bilingual(
            $"A name has 1 to {MaxLength} letters, digits and the signs . _ - @",
            $"Un nom compte de 1 à {MaxLength} lettres, chiffres et signes . _ - @");
    }

    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@';
}
