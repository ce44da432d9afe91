#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
// Turns the public suffix list, the root zone's list of TLDs and Unicode's confusables into the compact tables that
// the engine embeds. Run from the repository's root, review the difference, commit it:
//
//   dotnet run tools/UpdateLookalikeData.cs -- PUBLIC_SUFFIX_LIST.dat TLDS CONFUSABLES.txt
//
// Debian's package `publicsuffix` installs /usr/share/publicsuffix/public_suffix_list.dat. TLDS is IANA's
// tlds-alpha-by-domain.txt, or a JSON warning list of the same names. CONFUSABLES.txt is Unicode's, of UTS #39.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: dotnet run tools/UpdateLookalikeData.cs -- PUBLIC_SUFFIX_LIST.dat TLDS CONFUSABLES.txt");
    return 2;
}

const string Folder = "src/Vigie.Engine/Lookalikes/Data";
Directory.CreateDirectory(Folder);
Suffixes.Write(args[0], Path.Combine(Folder, "public-suffixes.txt"));
TopLevel.Write(args[1], Path.Combine(Folder, "top-level-domains.txt"));
Confusables.Write(args[2], Path.Combine(Folder, "confusables.txt"));
return 0;

static class Suffixes
{
    // One line per top-level domain: its name, then the rules beneath it without it. "." is the rule of the name itself.
    public static void Write(string source, string target)
    {
        var icann = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var section = icann;
        var others = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var version = File.GetLastWriteTimeUtc(source).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(source))
        {
            if (line.Contains("===BEGIN PRIVATE DOMAINS===", StringComparison.Ordinal)) section = others;
            if (Regex.Match(line, @"^// VERSION: (\S+)") is { Success: true } stated) version = stated.Groups[1].Value;
            var rule = line.Split(' ', '\t')[0];
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal)) continue;
            var ascii = Ascii(rule);
            var dot = ascii.LastIndexOf('.');
            var top = ascii[(dot + 1)..];
            if (!section.TryGetValue(top, out var rules)) section[top] = rules = new SortedSet<string>(StringComparer.Ordinal);
            rules.Add(dot < 0 ? "." : ascii[..dot]);
        }

        using var writer = new StreamWriter(target) { NewLine = "\n" };
        writer.WriteLine("# Public suffixes: facts from the Public Suffix List, https://publicsuffix.org/list/ (Mozilla Public License 2.0).");
        writer.WriteLine($"# Version: {version}. Made by tools/UpdateLookalikeData.cs; do not edit.");
        writer.WriteLine("# Each line: a top-level domain, then the rules beneath it; '.' stands for the domain itself, '*' and '!' as in the list.");
        foreach (var (name, rules) in new[] { ("ICANN", icann), ("PRIVATE", others) })
        {
            writer.WriteLine("= " + name);
            foreach (var (top, beneath) in rules) writer.WriteLine(top + " " + string.Join(' ', beneath));
        }
    }

    private static string Ascii(string rule)
    {
        var mark = rule[0] == '!' ? "!" : "";
        var idn = new IdnMapping { UseStd3AsciiRules = false };
        return mark + string.Join('.', rule[mark.Length..].Split('.').Select(label => label == "*" ? label : idn.GetAscii(label).ToLowerInvariant()));
    }
}

static class TopLevel
{
    public static void Write(string source, string target)
    {
        var text = File.ReadAllText(source);
        var version = Regex.Match(text, @"Version\W+(\d+)", RegexOptions.IgnoreCase) is { Success: true } stated ? stated.Groups[1].Value : "unknown";
        var body = text.TrimStart().StartsWith('{') ? text[text.IndexOf('[', StringComparison.Ordinal)..text.IndexOf(']', StringComparison.Ordinal)] : text;
        var names = Regex.Matches(body, @"(?m)(?<=^|"")[A-Za-z][A-Za-z0-9-]+(?=$|"")").Select(match => match.Value.ToLowerInvariant()).Where(name => name != "version").Distinct().Order(StringComparer.Ordinal).ToList();
        using var writer = new StreamWriter(target) { NewLine = "\n" };
        writer.WriteLine("# Top-level domains of the root zone: facts from IANA, https://data.iana.org/TLD/, as listed in misp-warninglists (CC0).");
        writer.WriteLine($"# Version: {version}. Made by tools/UpdateLookalikeData.cs; do not edit.");
        foreach (var line in names.Chunk(24)) writer.WriteLine(string.Join(' ', line));
    }
}

static class Confusables
{
    // Kept: code points that a domain label may contain (RFC 5892: lower-case letters, marks and digits that
    // survive NFKC) and whose UTS #39 prototype is a string of up to three ASCII letters or digits.
    public static void Write(string source, string target)
    {
        var prototypes = new Dictionary<string, string>(StringComparer.Ordinal);
        var version = "unknown";
        foreach (var line in File.ReadLines(source))
        {
            if (Regex.Match(line, @"^# Version: (\S+)") is { Success: true } stated) version = stated.Groups[1].Value;
            var fields = line.Split('#')[0].Split(';', StringSplitOptions.TrimEntries);
            if (fields.Length < 2) continue;
            prototypes[Text(fields[0])] = Text(fields[1]);
        }

        var ofAscii = new Dictionary<string, List<char>>(StringComparer.Ordinal);
        foreach (var c in "abcdefghijklmnopqrstuvwxyz0123456789")
        {
            var skeleton = prototypes.GetValueOrDefault(c.ToString(), c.ToString());
            if (!ofAscii.TryGetValue(skeleton, out var list)) ofAscii[skeleton] = list = [];
            list.Add(c);
        }

        var rows = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (var (from, prototype) in prototypes)
        {
            var rune = Rune.GetRuneAt(from, 0);
            if (rune.IsAscii || rune.Utf16SequenceLength != from.Length || !MayStandInLabel(rune)) continue;
            if (Imitated(prototype, ofAscii) is not { } ascii) continue;
            if (!rows.TryGetValue(ascii, out var set)) rows[ascii] = set = [];
            set.Add(rune.Value);
        }

        using var writer = new StreamWriter(target) { NewLine = "\n" };
        writer.WriteLine("# Characters that look like ASCII: facts from Unicode UTS #39, https://www.unicode.org/Public/security/ (Unicode License V3,");
        writer.WriteLine("# © Unicode, Inc.), reduced to what a domain label may contain (RFC 5892).");
        writer.WriteLine($"# Version: {version}. Made by tools/UpdateLookalikeData.cs; do not edit.");
        writer.WriteLine("# Each line: the ASCII text, then the code points that look like it, in hexadecimal.");
        foreach (var (ascii, set) in rows) writer.WriteLine(ascii + " " + string.Join(' ', set.Select(c => c.ToString("X4", CultureInfo.InvariantCulture))));
    }

    private static string Text(string hex) =>
        string.Concat(hex.Split(' ').Select(part => char.ConvertFromUtf32(int.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    private static bool MayStandInLabel(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber))
            return false;
        var text = rune.ToString();
        return string.Equals(text.ToLowerInvariant().Normalize(NormalizationForm.FormKC), text, StringComparison.Ordinal);
    }

    private static string? Imitated(string prototype, Dictionary<string, List<char>> ofAscii)
    {
        if (ofAscii.TryGetValue(prototype, out var same)) return same[0].ToString();
        var lower = prototype.ToLowerInvariant();
        var plain = new string(lower.Normalize(NormalizationForm.FormD).Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark).ToArray());
        return plain.Length is > 0 and <= 3 && plain.All(char.IsAsciiLetterOrDigit) ? plain : null;
    }
}
