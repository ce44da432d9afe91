using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Vigie.Engine;

namespace Vigie.Tests.Console;

public sealed partial class TextsTests
{
    // The same word in both languages.
    private static readonly HashSet<string> Shared = new(StringComparer.Ordinal)
    {
        "Code", "Secret", "Version", "attention", "Questions", "Console", "Milter", "Verdict", "Type", "Source", "Date", "Technique", "Incident", "incident", "Score",
    };

    /// <summary>Every text that a type of the node holds as a static field.</summary>
    public static IReadOnlyList<(string Name, Bilingual Text)> All { get; } =
    [
        .. from type in typeof(Node).Assembly.GetTypes()
           where !type.ContainsGenericParameters
           from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
           where field.FieldType == typeof(Bilingual)
           select ($"{type.Name}.{field.Name}", (Bilingual)field.GetValue(null)!),
    ];

    [Fact]
    public void Every_text_is_there_in_both_languages()
    {
        Assert.True(All.Count > 300, $"only {All.Count} texts were found");
        Assert.Empty(All.Where(text => string.IsNullOrWhiteSpace(text.Text.English) || string.IsNullOrWhiteSpace(text.Text.French)).Select(text => text.Name));
        Assert.Empty(All.Where(text => text.Text.English == text.Text.French && !Shared.Contains(text.Text.English)).Select(text => text.Name));
    }

    [Fact]
    public void French_is_typeset_as_French() => Assert.Empty(
        All.Where(text => text.Text.French.Contains('\'', StringComparison.Ordinal) || BarePunctuation().IsMatch(text.Text.French))
            .Where(text => text.Name.Contains("Texts.", StringComparison.Ordinal))
            .Select(text => $"{text.Name}: {text.Text.French}"));

    [Fact]
    public void Pages_hold_no_words_of_their_own()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../src/Vigie"));
        Assert.SkipUnless(Directory.Exists(root), "the sources are not beside the tests");
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(root, "*.razor", SearchOption.AllDirectories))
        {
            var markup = File.ReadAllText(file);
            var code = markup.IndexOf("@code {", StringComparison.Ordinal);
            if (code >= 0) markup = markup[..code];
            markup = Directive().Replace(Comment().Replace(markup, ""), "");
            foreach (Match match in Words().Matches(markup))
            {
                var text = match.Groups[1].Value.Trim();
                if (text.Length > 1 && text is not ("Vigie" or "English" or "Français" or "EN" or "FR" or "Enter" or "vigie twist")) found.Add($"{Path.GetFileName(file)}: {text}");
            }
        }

        Assert.Empty(found);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    // French sets a space before these; the one that does not break is preferred but either is French.
    [GeneratedRegex(@"[^\s\u00a0\u202f:/][!?;](\s|$)|[^\s\u00a0\u202f]:(\s|$)")]
    private static partial Regex BarePunctuation();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^@(inject|using|inherits|attribute|layout|page)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    // Letters between two tags that no expression made.
    [GeneratedRegex(@">\s*([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ ,.'’-]*)\s*<")]
    private static partial Regex Words();
}
