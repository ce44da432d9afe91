using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Resolves <c>action</c> in files of several documents: <c>global</c> gives what the documents after it have in common (several add up),
/// <c>reset</c> ends that, <c>repeat</c> is the last rule again with changes. Maps are merged; for the rest the later document wins.
/// </summary>
internal sealed class RuleCollections(string file, ICollection<SigmaProblem> problems)
{
    private SigmaMap? _global;
    private string _globalSource = "";
    private SigmaMap? _last;
    private string _lastSource = "";

    /// <summary>The document that <paramref name="document"/> stands for; null when it only prepares others.</summary>
    public SigmaYamlDocument? Resolve(SigmaYamlDocument document)
    {
        var root = document.Root;
        switch (root["action"]?.Text)
        {
            case null when !root.Has("action"):
                return Remember(_global is null ? root : Merge(_global, root), _globalSource + document.Source);
            case "global":
                _global = _global is null ? WithoutAction(root) : Merge(_global, WithoutAction(root));
                _globalSource += document.Source;
                return null;
            case "reset":
                _global = null;
                _globalSource = "";
                return null;
            case "repeat" when _last is not null:
                return Remember(Merge(_last, WithoutAction(root)), _lastSource + document.Source);
            case "repeat":
                Report(root, "'action: repeat' has no rule before it.", "« action: repeat » n'a pas de règle avant lui.");
                return null;
            default:
                Report(root, "'action' is global, reset or repeat.", "« action » vaut global, reset ou repeat.");
                return null;
        }
    }

    private SigmaYamlDocument Remember(SigmaMap root, string source)
    {
        _last = root;
        _lastSource = source;
        return new SigmaYamlDocument(root, source);
    }

    private void Report(SigmaMap root, string english, string french) =>
        problems.Add(new SigmaProblem(file, root["action"]!.Line, "collection.action", new Bilingual(english, french), true));

    private static SigmaMap WithoutAction(SigmaMap root) => new([.. root.Entries.Where(e => e.Name != "action")], root.Line);

    private static SigmaMap Merge(SigmaMap below, SigmaMap above)
    {
        var entries = below.Entries.ToBuilder();
        foreach (var entry in above.Entries)
        {
            var known = IndexOf(entries, entry.Name);
            if (known < 0) entries.Add(entry);
            else if (entries[known].Value is SigmaMap inner && entry.Value is SigmaMap outer) entries[known] = entry with { Value = Merge(inner, outer) };
            else entries[known] = entry;
        }

        return new SigmaMap(entries.ToImmutable(), above.Line);
    }

    private static int IndexOf(ImmutableArray<SigmaEntry>.Builder entries, string name)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Name == name) return i;
        }

        return -1;
    }
}
