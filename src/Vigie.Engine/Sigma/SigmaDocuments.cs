using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Engine.Sigma;

/// <summary>What a rule file holds.</summary>
/// <param name="Rules">Its detection rules.</param>
/// <param name="Correlations">Its correlation rules, unread.</param>
/// <param name="Filters">Its filters, unread.</param>
/// <param name="Problems">What is wrong with it.</param>
public sealed record SigmaDocuments(
    ImmutableArray<SigmaRule> Rules,
    ImmutableArray<SigmaDocument> Correlations,
    ImmutableArray<SigmaDocument> Filters,
    ImmutableArray<SigmaProblem> Problems);

/// <summary>A document that is no detection rule: a correlation or a filter.</summary>
/// <param name="File">The file it was read from, as given to the reader.</param>
/// <param name="Line">The line it begins at, from 1.</param>
/// <param name="Version">As <see cref="SigmaHeader.Version"/>.</param>
/// <param name="Body">What it holds, collections already merged in.</param>
public sealed record SigmaDocument(string File, int Line, string Version, SigmaMap Body)
{
    /// <summary>The version of a document with this text; line breaks and blanks at the end do not make another one.</summary>
    public static string VersionOf(string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.ReplaceLineEndings("\n").Trim())))[..16];
}

/// <summary>What the reader is told beside the text.</summary>
public sealed record SigmaReaderOptions
{
    /// <summary>No placeholder has a value.</summary>
    public static SigmaReaderOptions None { get; } = new();

    /// <summary>
    /// The values of placeholders by name, without percent signs (specification, "Placeholders"). A value may hold wildcards.
    /// A rule whose placeholder is not here is read, matches nothing, and is reported with <c>placeholder.no-value</c>.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Placeholders { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
}
