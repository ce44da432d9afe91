using System.Globalization;

namespace Vigie.Protection;

/// <summary>
/// How probable it is that somebody who chooses a label of a given length chooses exactly this one, from which
/// character follows which (a first-order Markov chain, one for acronyms and one for longer labels).
/// </summary>
internal static class LabelLetters
{
    /// <summary>The longest label that is taken for an acronym.</summary>
    public const int Acronym = 4;

    private const string Resource = "protection/label-letters.txt";
    private const string Signs = "abcdefghijklmnopqrstuvwxyz0-";
    private const double Digits = 10;

    private static readonly double[][] Short = Read("short");
    private static readonly double[][] Long = Read("long");

    /// <summary>The probability, among legitimate labels of its length, of a lower-case ASCII label.</summary>
    public static double Probability(string label)
    {
        var table = label.Length <= Acronym ? Short : Long;
        var bits = 0.0;
        var probability = 1.0;
        var before = Signs.Length;
        foreach (var c in label)
        {
            var sign = Signs.IndexOf(char.IsAsciiDigit(c) ? '0' : c, StringComparison.Ordinal);
            bits += table[before][sign];
            if (char.IsAsciiDigit(c)) probability /= Digits;
            before = sign;
        }

        return probability * Math.Pow(2, -bits);
    }

    private static double[][] Read(string section)
    {
        using var stream = typeof(LabelLetters).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Vigie was built without its table {Resource}.");
        using var reader = new StreamReader(stream);
        var rows = reader.ReadToEnd().Split('\n').SkipWhile(line => line != "= " + section).Skip(1).Take(Signs.Length + 1);
        return [.. rows.Select(row => row.Split(' ').Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture) / 100).ToArray())];
    }
}
