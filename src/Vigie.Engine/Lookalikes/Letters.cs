namespace Vigie.Engine.Lookalikes;

/// <summary>What single characters have to do with typing.</summary>
internal static class Letters
{
    // Rounded shares of letters in running English and French, as a multiple of the mean letter's.
    private static readonly double[] Shares =
        [2.0, 0.4, 0.8, 1.0, 3.4, 0.5, 0.4, 0.9, 1.9, 0.1, 0.2, 1.2, 0.8, 1.8, 1.7, 0.6, 0.2, 1.6, 1.8, 2.1, 1.2, 0.3, 0.3, 0.1, 0.3, 0.1];

    /// <summary>How much likelier than the mean a letter is typed where another was meant.</summary>
    public static double Frequency(char c) => char.IsAsciiLetterLower(c) ? 0.5 + Shares[c - 'a'] / 2 : 0.3;

    /// <summary>Whether one vowel is written for another; y only where it sounds like one.</summary>
    public static bool AreConfusedVowels(char a, char b) =>
        (IsVowel(a) && IsVowel(b)) || (a == 'y' && b is ('i' or 'e')) || (b == 'y' && a is ('i' or 'e'));

    /// <summary>Whether one flipped bit makes one of two ASCII characters the other.</summary>
    public static bool DifferByOneBit(char a, char b) => a < 128 && b < 128 && int.PopCount(a ^ b) == 1;

    /// <summary>Neighbours typed by different hands are exchanged more often: the second hand is early.</summary>
    public static double Hands(char a, char b) => IsLeft(a) == IsLeft(b) ? 0.8 : 1.3;

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    private static bool IsLeft(char c) => c is 'q' or 'w' or 'e' or 'r' or 't' or 'a' or 's' or 'd' or 'f' or 'g' or 'z' or 'x' or 'c' or 'v' or 'b' or (>= '1' and <= '5');
}
