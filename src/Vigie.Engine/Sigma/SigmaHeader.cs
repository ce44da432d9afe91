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
public sealed partial record SigmaHeader
{
    /// <summary>As <see cref="SigmaRule.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>As <see cref="SigmaRule.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>As <see cref="SigmaRule.Title"/>; the file's name where the rule has none.</summary>
    public required string Title { get; init; }

    /// <summary>As <see cref="SigmaRule.Description"/>.</summary>
    public string Description { get; init; } = "";

    /// <summary>As <see cref="SigmaRule.Level"/>.</summary>
    public Severity Level { get; init; } = Severity.Medium;

    /// <summary>As <see cref="SigmaRule.Status"/>.</summary>
    public string? Status { get; init; }

    /// <summary>As <see cref="SigmaRule.Tags"/>.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>As <see cref="SigmaRule.Techniques"/>.</summary>
    public ImmutableArray<string> Techniques { get; init; } = [];

    /// <summary>As <see cref="SigmaRule.Author"/>.</summary>
    public string Author { get; init; } = "";

    /// <summary>As <see cref="SigmaRule.Date"/>.</summary>
    public string Date { get; init; } = "";

    /// <summary>As <see cref="SigmaRule.FalsePositives"/>.</summary>
    public ImmutableArray<string> FalsePositives { get; init; } = [];

    /// <summary>As <see cref="SigmaRule.References"/>.</summary>
    public ImmutableArray<string> References { get; init; } = [];

    /// <summary>As <see cref="SigmaRule.Fields"/>.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>Reads the header of a rule, correlation or filter.</summary>
    public static SigmaHeader Read(SigmaMap root, string file)
    {
        var title = root["title"]?.Text is { Length: > 0 } written ? written : FileName(file);
        var tags = Texts(root["tags"]);
        return new SigmaHeader
        {
            Id = root["id"]?.Text is { Length: > 0 } id ? id.Trim() : StableId(FileName(file), title),
            Name = root["name"]?.Text is { Length: > 0 } name ? name.Trim() : null,
            Title = title,
            Description = root["description"]?.Text ?? "",
            Level = LevelOf(root["level"]?.Text) ?? Severity.Medium,
            Status = root["status"]?.Text?.Trim(),
            Tags = tags,
            Techniques = [.. tags.Where(tag => Technique().IsMatch(tag)).Select(tag => tag["attack.".Length..].ToUpperInvariant()).Distinct(StringComparer.Ordinal)],
            Author = root["author"]?.Text ?? "",
            Date = (root["modified"]?.Text ?? root["date"]?.Text ?? "").Trim(),
            FalsePositives = Texts(root["falsepositives"]),
            References = Texts(root["references"]),
            Fields = Texts(root["fields"]),
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

    // The file's name without its folders: the same rules in another place are the same rules.
    private static string StableId(string file, string title) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file}\n{title}")))[..32];

    private static string FileName(string file) => file[(file.LastIndexOfAny(['/', '\\']) + 1)..];

    [GeneratedRegex(@"^attack\.t\d{4}(\.\d{3})?$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Technique();
}
