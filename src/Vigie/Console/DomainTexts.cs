using Vigie.Engine;

namespace Vigie.Console;

/// <summary>What is said about a domain that somebody typed.</summary>
internal static class DomainTexts
{
    /// <param name="problem">What the engine found, in English: a detail for those who want it.</param>
    public static Bilingual NotADomain(string problem) => new(
        $"This is not a domain name: {problem}.",
        $"Ce n’est pas un nom de domaine (détail en anglais : {problem}).");
}
