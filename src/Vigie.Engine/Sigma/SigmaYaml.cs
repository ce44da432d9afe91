using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Reads the YAML of rules, filters, pipelines and test cases into <see cref="SigmaNode"/>s. Bounded in size, depth and
/// number; aliases are refused, because a few lines of them make a tree that fills the memory. Each document is read by itself,
/// so that a broken one does not take the others of its file along. Never throws; safe for several threads.
/// </summary>
public static class SigmaYaml
{
    /// <summary>The most characters a file may have.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <summary>The most characters one document may have.</summary>
    public const int MaxDocumentLength = 4 * 1024 * 1024;

    /// <summary>How many levels of lists and maps a document may have.</summary>
    public const int MaxDepth = 24;

    /// <summary>How many nodes a document may have.</summary>
    public const int MaxNodes = 100_000;

    /// <summary>How many documents a file may have.</summary>
    public const int MaxDocuments = 50_000;

    /// <summary>The documents of <paramref name="text"/> that are maps; what is wrong with the others goes to <paramref name="problems"/>.</summary>
    public static ImmutableArray<SigmaYamlDocument> Read(string text, string file, ICollection<SigmaProblem> problems)
    {
        if (text.Length > MaxLength)
        {
            problems.Add(new SigmaProblem(file, 1, "yaml.too-large", new Bilingual(
                $"The file has more than {MaxLength} characters.", $"Le fichier a plus de {MaxLength} caractères."), true));
            return [];
        }

        var documents = ImmutableArray.CreateBuilder<SigmaYamlDocument>(1);
        foreach (var (start, length, line) in Split(text))
        {
            if (documents.Count == MaxDocuments)
            {
                problems.Add(new SigmaProblem(file, line, "yaml.too-many", new Bilingual(
                    $"More than {MaxDocuments} documents; the rest is not read.", $"Plus de {MaxDocuments} documents ; la suite n'est pas lue."), true));
                break;
            }

            var document = text.Substring(start, length);
            if (ReadOne(document, line, file, problems) is { } root) documents.Add(new SigmaYamlDocument(root, document));
        }

        return documents.ToImmutable();
    }

    // YAML 1.2.2 §9.1.2: three hyphens at the beginning of a line, followed by a blank, always begin a document, even inside of a scalar.
    private static IEnumerable<(int Start, int Length, int Line)> Split(string text)
    {
        var start = text.StartsWith('\uFEFF') ? 1 : 0;
        var first = 1;
        var line = 1;
        for (var at = start; at < text.Length;)
        {
            if (at > start && IsDocumentStart(text, at))
            {
                yield return (start, at - start, first);
                start = at;
                first = line;
            }

            var end = text.IndexOf('\n', at);
            if (end < 0) break;
            at = end + 1;
            line++;
        }

        if (start < text.Length) yield return (start, text.Length - start, first);
    }

    private static bool IsDocumentStart(string text, int at) =>
        string.CompareOrdinal(text, at, "---", 0, 3) == 0 && (at + 3 == text.Length || char.IsWhiteSpace(text[at + 3]));

    private static SigmaMap? ReadOne(string document, int line, string file, ICollection<SigmaProblem> problems)
    {
        if (IsBlank(document)) return null;
        if (document.Length > MaxDocumentLength)
        {
            problems.Add(new SigmaProblem(file, line, "yaml.too-large", new Bilingual(
                $"The document has more than {MaxDocumentLength} characters.", $"Le document a plus de {MaxDocumentLength} caractères."), true));
            return null;
        }

        try
        {
            var root = new Builder(document, line - 1).Read();
            if (root is SigmaMap map) return map;
            if (root is null or SigmaScalar { IsNull: true }) return null;
            problems.Add(new SigmaProblem(file, root.Line, "yaml.not-a-map", new Bilingual(
                "The document is no map of keys and values.", "Le document n'est pas une table de clés et de valeurs."), true));
        }
        catch (YamlException e)
        {
            problems.Add(new SigmaProblem(file, (int)e.Start.Line + line - 1, "yaml.invalid", new Bilingual(
                $"This is not YAML as rules may use it: {e.Message}", $"Ce n'est pas du YAML tel qu'une règle peut l'employer : {e.Message}"), true));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner of YamlDotNet loses its own state on some malformed scalars and escapes.
            problems.Add(new SigmaProblem(file, line, "yaml.invalid", new Bilingual(
                "This document is malformed YAML.", "Ce document est du YAML mal formé."), true));
        }

        return null;
    }

    private static bool IsBlank(string document)
    {
        foreach (var line in document.AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (trimmed.Length > 0 && trimmed[0] != '#' && trimmed is not ("---" or "...") && trimmed[0] != '%') return false;
        }

        return true;
    }

    private sealed class Builder(string document, int linesBefore)
    {
        private readonly Parser _parser = new(new StringReader(document));
        private int _nodes;

        public SigmaNode? Read()
        {
            while (_parser.MoveNext())
            {
                if (_parser.Current is Scalar or MappingStart or SequenceStart or AnchorAlias) return Node(1);
            }

            return null;
        }

        private SigmaNode Node(int depth)
        {
            var current = _parser.Current!;
            var line = Line(current);
            if (++_nodes > MaxNodes) throw Refused(current, $"more than {MaxNodes} values in one document");
            switch (current)
            {
                case Scalar scalar:
                    return new SigmaScalar(scalar.Value, IsUntyped(scalar), line);
                case SequenceStart:
                    if (depth > MaxDepth) throw Refused(current, $"more than {MaxDepth} levels deep");
                    return new SigmaList(Items(depth), line);
                case MappingStart:
                    if (depth > MaxDepth) throw Refused(current, $"more than {MaxDepth} levels deep");
                    return new SigmaMap(Entries(depth), line);
                case AnchorAlias alias:
                    throw Refused(alias, "aliases (*name) are not allowed in rules; write the value out");
                default:
                    throw Refused(current, "unexpected end");
            }
        }

        // "!!str 5" is text although nothing quotes it.
        private static bool IsUntyped(Scalar scalar) => scalar.Style is ScalarStyle.Plain && scalar.IsPlainImplicit;

        private ImmutableArray<SigmaNode> Items(int depth)
        {
            var items = ImmutableArray.CreateBuilder<SigmaNode>();
            while (Next() is not SequenceEnd) items.Add(Node(depth + 1));
            return items.DrainToImmutable();
        }

        private ImmutableArray<SigmaEntry> Entries(int depth)
        {
            var entries = ImmutableArray.CreateBuilder<SigmaEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (Next() is not MappingEnd)
            {
                var key = _parser.Current!;
                if (key is not Scalar name) throw Refused(key, "a key must be plain text");
                if (!names.Add(name.Value)) throw Refused(key, $"the key '{name.Value}' stands here twice");
                Next();
                entries.Add(new SigmaEntry(name.Value, Node(depth + 1), Line(name)));
            }

            return entries.DrainToImmutable();
        }

        private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new YamlException("the document ends too early");

        private int Line(ParsingEvent at) => (int)at.Start.Line + linesBefore;

        private static YamlException Refused(ParsingEvent at, string why) => new(at.Start, at.End, why);
    }
}

/// <summary>One document of a YAML file.</summary>
/// <param name="Root">What it holds.</param>
/// <param name="Source">Its text.</param>
public sealed record SigmaYamlDocument(SigmaMap Root, string Source);
