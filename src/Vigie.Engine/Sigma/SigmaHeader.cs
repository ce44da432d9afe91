using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Sigma;

/// <summary>
/// What every kind of rule says about itself (specification, "Components"). Reads what it can: a missing title or a level of another
/// spelling is a matter for the linter, not a reason to do without the rule.
/// </summary>
/// <remarks>
/// Beside the specification's attributes a rule may carry <c>title_fr</c>, <c>description_fr</c> and <c>falsepositives_fr</c>, the
/// same in French; the specification allows attributes of one's own. A rule without them speaks its one language to everybody.
/// </remarks>
public partial record SigmaHeader
{
    /// <summary>The longest title and the longest description that the specification allows, in characters.</summary>
    internal const int MaxTitle = 256, MaxDescription = 65_535;

    /// <summary>The UUID, or, where the rule has none, a stable hash of its file name and title.</summary>
    public required string Id { get; init; }

    /// <summary>The name other rules may refer to it by (correlations); null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>One line for a list; the file's name where the rule has none.</summary>
    public required string Title { get; init; }

    /// <summary>The title in French; null where the rule has only the one.</summary>
    public string? FrenchTitle { get; init; }

    /// <summary>What it detects, at length.</summary>
    public string Description { get; init; } = "";

    /// <summary>The description in French; null where the rule has only the one.</summary>
    public string? FrenchDescription { get; init; }

    /// <summary>How much it matters; <see cref="Severity.Medium"/> where the rule does not say.</summary>
    public required Severity Level { get; init; }

    /// <summary><c>stable</c>, <c>test</c>, <c>experimental</c>, <c>deprecated</c>, <c>unsupported</c>; null where the rule does not say.</summary>
    public string? Status { get; init; }

    /// <summary>Whole tags, for example <c>attack.t1059.001</c>.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>ATT&amp;CK techniques out of the tags, upper case: <c>T1059.001</c>.</summary>
    public ImmutableArray<string> Techniques { get; init; } = [];

    /// <summary>Who wrote it.</summary>
    public string Author { get; init; } = "";

    /// <summary>The last change, else the first date; as written.</summary>
    public string Date { get; init; } = "";

    /// <summary>Known harmless causes.</summary>
    public ImmutableArray<string> FalsePositives { get; init; } = [];

    /// <summary>The same causes in French, one for one; empty where the rule has them in one language only.</summary>
    public ImmutableArray<string> FrenchFalsePositives { get; init; } = [];

    /// <summary>Where it comes from and what to read.</summary>
    public ImmutableArray<string> References { get; init; } = [];

    /// <summary>Fields its author would show.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>The file it was read from, as given to the reader.</summary>
    public required string File { get; init; }

    /// <summary>The line its document begins at, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>SHA-256 of its document in lower-case hex, the first 16 digits: the version a finding names.</summary>
    public required string Version { get; init; }

    /// <summary>The title for people: where the rule has it in one language, the same in both.</summary>
    public Bilingual Titles => new(Title, FrenchTitle ?? Title);

    /// <summary>The description for people: where the rule has it in one language, the same in both.</summary>
    public Bilingual Descriptions => new(Description, FrenchDescription ?? Description);

    /// <summary><see cref="FalsePositives"/> for people: where the rule has them in one language, the same in both.</summary>
    public ImmutableArray<Bilingual> HarmlessCauses => FrenchFalsePositives.Length == FalsePositives.Length
        ? [.. FalsePositives.Zip(FrenchFalsePositives, (english, french) => new Bilingual(english, french))]
        : [.. FalsePositives.Select(cause => new Bilingual(cause, cause))];

    /// <summary>Reads the header of a rule, correlation or filter.</summary>
    /// <param name="root">The document.</param>
    /// <param name="file">The file it stands in.</param>
    /// <param name="version">As <see cref="Version"/>.</param>
    public static SigmaHeader Read(SigmaMap root, string file, string version)
    {
        var title = root["title"]?.Text is { Length: > 0 } written ? written : FileName(file);
        var tags = Texts(root["tags"]);
        return new SigmaHeader
        {
            Id = root["id"]?.Text is { Length: > 0 } id ? id.Trim() : StableId(FileName(file), title),
            Name = root["name"]?.Text is { Length: > 0 } name ? name.Trim() : null,
            Title = title,
            FrenchTitle = Within(root["title_fr"], MaxTitle),
            Description = root["description"]?.Text ?? "",
            FrenchDescription = Within(root["description_fr"], MaxDescription),
            Level = LevelOf(root["level"]?.Text) ?? Severity.Medium,
            Status = root["status"]?.Text?.Trim(),
            Tags = tags,
            Techniques = [.. tags.Where(tag => Technique().IsMatch(tag)).Select(tag => tag["attack.".Length..].ToUpperInvariant()).Distinct(StringComparer.Ordinal)],
            Author = root["author"]?.Text ?? "",
            Date = (root["modified"]?.Text ?? root["date"]?.Text ?? "").Trim(),
            FalsePositives = Texts(root["falsepositives"]),
            FrenchFalsePositives = Texts(root["falsepositives_fr"]),
            References = Texts(root["references"]),
            Fields = Texts(root["fields"]),
            File = file,
            Line = root.Line,
            Version = version,
        };
    }

    /// <summary>The level of one of the specification's five words, or null.</summary>
    public static Severity? LevelOf(string? written) => written?.Trim().ToLowerInvariant() switch
    {
        "informational" => Severity.Informational,
        "low" => Severity.Low,
        "medium" => Severity.Medium,
        "high" => Severity.High,
        "critical" => Severity.Critical,
        _ => null,
    };

    /// <summary>The texts of a list, or of a single value where a list belongs.</summary>
    public static ImmutableArray<string> Texts(SigmaNode? node) => node switch
    {
        SigmaList list => [.. list.Items.Select(i => i.Text).OfType<string>()],
        { Text: { Length: > 0 } text } => [text],
        _ => [],
    };

    // What is no such text is told by the linter; the rule then speaks its one language.
    private static string? Within(SigmaNode? node, int most) => node?.Text is { } text && !string.IsNullOrWhiteSpace(text) && text.Length <= most ? text : null;

    // The file's name without its folders: the same rules in another place are the same rules.
    private static string StableId(string file, string title) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file}\n{title}")))[..32];

    private static string FileName(string file) => file[(file.LastIndexOfAny(['/', '\\']) + 1)..];

    [GeneratedRegex(@"^attack\.t\d{4}(\.\d{3})?$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Technique();
}
