using Vigie.Engine;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Pages;

/// <summary>The text of a rule as it stands in its file.</summary>
internal static class RuleText
{
    private const long MaxFile = 8_000_000;

    /// <summary>The paragraphs of a description: a blank line parts them, other line breaks are blanks.</summary>
    public static IEnumerable<Bilingual> Paragraphs(Bilingual description, string language)
    {
        // Where there is only one language, each paragraph is that language's in both.
        var isOne = description.English == description.French;
        return description.In(language).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(paragraph => paragraph.Replace('\n', ' ')).Take(20)
            .Select(paragraph => isOne ? new Bilingual(paragraph, paragraph) : new Bilingual(language == "fr" ? "" : paragraph, language == "fr" ? paragraph : ""));
    }

    /// <summary>The rule's document, at most <paramref name="max"/> characters; null where its file can no longer be read.</summary>
    public static async Task<string?> ReadAsync(SigmaHeader rule, int max, CancellationToken ct)
    {
        try
        {
            if (!File.Exists(rule.File) || new FileInfo(rule.File).Length > MaxFile) return null;
            var lines = await File.ReadAllLinesAsync(rule.File, ct);
            // A file may hold several rules; each document ends where the next begins (YAML 1.2 §9.1.2).
            var text = string.Join('\n', lines.Skip(rule.Line - 1).TakeWhile((line, i) => i == 0 || !line.StartsWith("---", StringComparison.Ordinal)));
            return text.Length <= max ? text : text[..max] + "\n…";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
