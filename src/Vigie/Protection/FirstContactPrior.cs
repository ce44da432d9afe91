using System.Collections.Frozen;
using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>
/// How probable it is that a first message, legitimately meant, is addressed to exactly a given domain, judged from
/// the name alone: from the popularity of its suffix, the length of its label and how many labels of that length there are.
/// No list of known domains is consulted, so a name nobody has heard of is judged like a famous one.
/// </summary>
internal static class FirstContactPrior
{
    /// <summary>Share of messages that go to a domain for the first time, for a sender's organisation. An assumption: 1 in 50.</summary>
    public const double NoveltyRate = 0.02;

    // Shares of first contacts by top-level domain. Basis: registrations (Domain Name Industry Brief, 2024: .com 43 %,
    // .de 5 %, .net 3.5 %, .org 3 %, .uk 3 % …), parked-heavy zones lowered and institutional ones raised, because an
    // institution writes more mail per name. The some 1,300 others share what is left.
    private static readonly FrozenDictionary<string, double> TopLevelShare = new Dictionary<string, double>
    {
        ["com"] = 0.5,
        ["org"] = 0.07,
        ["net"] = 0.06,
        ["edu"] = 0.02,
        ["gov"] = 0.014,
        ["info"] = 0.004,
        ["biz"] = 0.002,
        ["de"] = 0.03,
        ["uk"] = 0.025,
        ["fr"] = 0.02,
        ["cn"] = 0.015,
        ["jp"] = 0.015,
        ["ru"] = 0.02,
        ["nl"] = 0.012,
        ["br"] = 0.012,
        ["it"] = 0.012,
        ["au"] = 0.01,
        ["in"] = 0.01,
        ["ca"] = 0.01,
        ["es"] = 0.008,
        ["pl"] = 0.008,
        ["eu"] = 0.006,
        ["ch"] = 0.006,
        ["be"] = 0.005,
        ["se"] = 0.005,
        ["at"] = 0.004,
        ["dk"] = 0.004,
        ["no"] = 0.004,
        ["cz"] = 0.004,
        ["mx"] = 0.004,
        ["za"] = 0.004,
        ["us"] = 0.003,
        ["fi"] = 0.003,
        ["kr"] = 0.003,
        ["ua"] = 0.003,
        ["tr"] = 0.003,
        ["ir"] = 0.003,
        ["gr"] = 0.002,
        ["pt"] = 0.002,
        ["hu"] = 0.002,
        ["ro"] = 0.002,
        ["il"] = 0.002,
        ["id"] = 0.002,
        ["tw"] = 0.002,
        ["vn"] = 0.002,
        ["ar"] = 0.002,
        ["cl"] = 0.002,
        ["nz"] = 0.002,
        ["ie"] = 0.002,
        ["io"] = 0.012,
        ["co"] = 0.006,
        ["ai"] = 0.004,
        ["tv"] = 0.004,
        ["me"] = 0.003,
        ["to"] = 0.002,
        ["cc"] = 0.002,
        ["app"] = 0.002,
        ["dev"] = 0.001,
        ["xyz"] = 0.001,
        ["online"] = 0.001,
        ["top"] = 0.001,
        ["shop"] = 0.001,
        ["site"] = 0.001,
        ["club"] = 0.001,
        ["cloud"] = 0.001,
        ["tech"] = 0.001,
        ["store"] = 0.0005,
        ["pro"] = 0.0005,
        ["int"] = 0.0005,
        ["mil"] = 0.0005,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const double OtherCountry = 0.0003;
    private const double OtherGeneric = 0.0001;

    // Where names stand below a second level (co.uk, com.br), the share that stand directly below the country. Elsewhere
    // the second-level suffixes of a country (gouv.sn, asso.fr) share three tenths.
    private const double SecondLevel = 0.3;
    private static readonly FrozenDictionary<string, double> DirectShare = new Dictionary<string, double>
    {
        ["uk"] = 0.15,
        ["au"] = 0.1,
        ["br"] = 0.05,
        ["za"] = 0.05,
        ["nz"] = 0.2,
        ["tr"] = 0.05,
        ["il"] = 0.05,
        ["ar"] = 0.1,
        ["id"] = 0.3,
        ["kr"] = 0.4,
        ["mx"] = 0.5,
        ["th"] = 0.05,
        ["my"] = 0.3,
        ["ke"] = 0.1,
        ["ng"] = 0.3,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Shares of registrable labels by length, from 1; beyond the table each further letter halves.
    private static readonly double[] LengthShare =
        [0.001, 0.01, 0.05, 0.07, 0.09, 0.115, 0.11, 0.11, 0.1, 0.085, 0.065, 0.05, 0.037, 0.027, 0.02, 0.015];

    // Government agencies, universities and treaty bodies go by their acronyms.
    private static readonly double[] InstitutionLengthShare =
        [0.002, 0.06, 0.2, 0.17, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.03, 0.025, 0.02, 0.015, 0.01, 0.005];

    private static readonly FrozenSet<string> InstitutionSuffixes = new[] { "edu", "gov", "int", "mil" }.ToFrozenSet(StringComparer.Ordinal);

    // A label that serves one owner as a name serves others too (health.mil, health.com), or the same one elsewhere: a
    // word readily, a long name ever less, an acronym in so far as it looks like a word. The nouns after which
    // ministries are called are anybody's.
    private const double NamesakeLabel = 0.000007;
    private const double NamesakeMinistry = 0.0003;
    private const double NamesakeAcronym = 20;
    private const int WordLength = 6;

    // A label of this length in which somebody else's name occurs by itself; half as many with every further letter.
    private const double NameWithin = 0.00003;

    // One mail domain in ten has a label below the registrable domain, one of a thousand usual ones.
    private const double HostLabel = 0.0001;

    private static readonly FrozenSet<string> Government = new[] { "gov", "gouv", "gob", "go", "govt" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The probability that a message is a legitimate first one to exactly <paramref name="suspect"/>.</summary>
    public static double Of(DomainParts suspect) =>
        NoveltyRate * Suffix(suspect.Suffix) * Label(suspect.Label, InstitutionSuffixes.Contains(suspect.Suffix));

    /// <summary>The same where the label is known to be a name, because a guarded domain has it under another suffix.</summary>
    /// <param name="suspect">The domain, split.</param>
    /// <param name="ofGovernment">The guarded domain is a government's, so that its label is a common noun.</param>
    public static double Namesake(DomainParts suspect, bool ofGovernment) =>
        NoveltyRate * Suffix(suspect.Suffix) * (IsGovernment(suspect.Suffix) ? NamesakeMinistry : ofGovernment ? NamesakeLabel : NamesakeOf(suspect.Label));

    /// <summary>The same where another government has a ministry of nearly that name (<c>cultura.gov.br</c>, <c>culture.gov.mr</c>).</summary>
    public static double Ministry(DomainParts suspect) => NoveltyRate * Suffix(suspect.Suffix) * NamesakeMinistry / 10;

    private static double NamesakeOf(string label) => label.Length switch
    {
        <= LabelLetters.Acronym => Math.Min(NamesakeLabel, NamesakeAcronym * Label(label)),
        > WordLength => NamesakeLabel * Math.Pow(0.5, label.Length - WordLength),
        _ => NamesakeLabel,
    };

    /// <summary>The same where the suspect repeats labels below the registrable domain that the guarded name has too.</summary>
    public static double Below(double registrable) => registrable * HostLabel;

    /// <summary>The probability that a legitimate label has exactly this name in it.</summary>
    public static double Word(string label) => NameWithin * Math.Pow(0.5, label.Length - WordLength);

    /// <summary>Whether a suffix belongs to a country.</summary>
    public static bool IsCountry(string suffix) => suffix.Length - suffix.LastIndexOf('.') - 1 == 2;

    /// <summary>Whether a suffix belongs to a government: <c>gov</c>, <c>gouv.sn</c>.</summary>
    public static bool IsGovernment(string suffix) => Government.Contains(suffix.Split('.')[0]);

    /// <summary>The share of first contacts below a public suffix.</summary>
    public static double Suffix(string suffix)
    {
        var dot = suffix.LastIndexOf('.');
        var top = suffix[(dot + 1)..];
        var share = TopLevelShare.TryGetValue(top, out var known) ? known : top.Length == 2 ? OtherCountry : OtherGeneric;
        var thirdLevel = DirectShare.TryGetValue(top, out var direct);
        return dot < 0 ? share * (thirdLevel ? direct : 1) : share * (thirdLevel ? 1 - direct : SecondLevel);
    }

    /// <summary>The probability that a legitimate label is exactly this one.</summary>
    public static double Label(string label, bool institution = false)
    {
        var lengths = institution ? InstitutionLengthShare : LengthShare;
        if (label.Length == 0) return lengths[0];
        var share = label.Length <= lengths.Length ? lengths[label.Length - 1] : lengths[^1] * Math.Pow(0.5, label.Length - lengths.Length);
        return share * LabelLetters.Probability(label);
    }
}
