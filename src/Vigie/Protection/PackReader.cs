using System.Text.RegularExpressions;
using Vigie.Engine;
using Vigie.Engine.Lookalikes;
using Vigie.Operations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vigie.Protection;

/// <summary>Reads one pack file. Every problem is collected with its line and field; nothing is thrown on bad content.</summary>
internal sealed partial class PackReader
{
    private const int MaxDepth = 4;

    private static readonly string[] Fields = ["id", "version", "title", "sources", "licence", "names", "zones"];

    private readonly string _file;
    private readonly List<PackProblem> _problems;

    private PackReader(string file, List<PackProblem> problems)
    {
        _file = file;
        _problems = problems;
    }

    /// <summary>Reads a pack from text.</summary>
    /// <param name="file">The file's name, for problems; without its extension it must equal the pack's id.</param>
    /// <param name="yaml">The content.</param>
    /// <param name="problems">Receives everything wrong with it.</param>
    /// <returns>The pack; null where it has a problem.</returns>
    public static Pack? Read(string file, string yaml, List<PackProblem> problems)
    {
        var before = problems.Count;
        var reader = new PackReader(file, problems);
        var root = reader.Root(yaml);
        var pack = root is null ? null : reader.Read(root);
        return problems.Count == before ? pack : null;
    }

    private Pack Read(YamlMappingNode root)
    {
        foreach (var (key, _) in root.Children)
        {
            if (!Fields.Contains(Text(key)))
                Problem(key, Text(key), $"is not a field of a pack (fields: {string.Join(", ", Fields)})");
        }

        var id = Required(root, "id");
        if (id.Length > 0 && !IdPattern().IsMatch(id))
            Problem(root.Children["id"], "id", $"\"{id}\" must be lower-case words joined by hyphens");
        else if (id.Length > 0 && id != Path.GetFileNameWithoutExtension(_file))
            Problem(root.Children["id"], "id", $"\"{id}\" must equal the file's name, \"{Path.GetFileNameWithoutExtension(_file)}\"");

        var version = Required(root, "version");
        if (version.Length > 0 && !VersionPattern().IsMatch(version))
            Problem(root.Children["version"], "version", $"\"{version}\" must be the year and month of the last check, such as \"2026.11\"");

        var names = Domains(root, "names", (domain, owner, line) => new PackName(domain, owner, line));
        if (names.Count == 0) Problem(root, "names", "is missing or empty; a pack protects at least one name");
        return new Pack(id, version, Title(root), Sources(root), Required(root, "licence"), names,
            Domains(root, "zones", (suffix, owner, line) => new PackZone(suffix, owner, line)));
    }

    private Bilingual Title(YamlMappingNode root)
    {
        if (Find(root, "title") is not YamlMappingNode title)
        {
            Problem(Find(root, "title") ?? root, "title", "must have \"en\" and \"fr\"");
            return default;
        }

        foreach (var (key, _) in title.Children)
        {
            if (Text(key) is not ("en" or "fr")) Problem(key, $"title.{Text(key)}", "is not a language of a title (en, fr)");
        }

        return new Bilingual(Required(title, "en", "title."), Required(title, "fr", "title."));
    }

    private List<Uri> Sources(YamlMappingNode root)
    {
        var sources = new List<Uri>();
        if (Find(root, "sources") is not YamlSequenceNode { Children.Count: > 0 } list)
        {
            Problem(Find(root, "sources") ?? root, "sources", "must list the addresses at which the names can be checked");
            return sources;
        }

        foreach (var item in list)
        {
            if (Uri.TryCreate(Text(item), UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http") sources.Add(uri);
            else Problem(item, "sources", $"\"{Text(item)}\" must be an http(s) address");
        }

        return sources;
    }

    private List<T> Domains<T>(YamlMappingNode root, string field, Func<string, string, long, T> make)
    {
        var found = new List<T>();
        if (Find(root, field) is not { } node) return found;
        if (node is not YamlMappingNode mapping)
        {
            Problem(node, field, "must be \"domain: owner\" lines");
            return found;
        }

        foreach (var (key, value) in mapping.Children)
        {
            var (domain, owner) = (Text(key), Text(value));
            if (!DomainNames.TryNormalize(domain, out var ascii, out var problem))
                Problem(key, $"{field}.{domain}", $"is not a domain name: {problem}");
            else if (!string.Equals(ascii, domain, StringComparison.Ordinal))
                Problem(key, $"{field}.{domain}", $"must be written in its lower-case ASCII form, \"{ascii}\"");
            else if (field == "names" && PublicSuffixes.Default.IsSuffix(ascii) && !ascii.Contains('.', StringComparison.Ordinal))
                Problem(key, $"{field}.{domain}", "is a top-level domain, which nobody can protect as a name; put it below \"zones\"");
            else if (owner.Length == 0)
                Problem(value, $"{field}.{domain}", "has no owner; write whose it is after the colon");
            else
                found.Add(make(ascii, owner, key.Start.Line));
        }

        return found;
    }

    private string Required(YamlMappingNode mapping, string field, string prefix = "")
    {
        var node = Find(mapping, field);
        var text = node is null ? "" : Text(node);
        if (text.Length == 0) Problem(node ?? mapping, prefix + field, "is missing or empty");
        return text;
    }

    private YamlMappingNode? Root(string yaml)
    {
        try
        {
            var stream = BoundedYaml.Load(yaml, MaxDepth, "a pack");
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
            _problems.Add(new PackProblem(_file, 1, "", "must be one document of \"field: value\" lines"));
        }
        catch (YamlException e)
        {
            _problems.Add(new PackProblem(_file, e.Start.Line, "", $"is not YAML: {e.Message}"));
        }
        catch (InvalidOperationException e)
        {
            // YamlDotNet's scanner loses its own state on some malformed scalars and says so this way, without a line.
            _problems.Add(new PackProblem(_file, 0, "", $"is not YAML: {e.Message}"));
        }

        return null;
    }

    private static YamlNode? Find(YamlMappingNode mapping, string field) =>
        mapping.Children.TryGetValue(new YamlScalarNode(field), out var value) ? value : null;

    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value?.Trim() ?? "";

    private void Problem(YamlNode at, string field, string text) =>
        _problems.Add(new PackProblem(_file, at.Start.Line, field, text));

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^20\d\d\.(0[1-9]|1[0-2])$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
