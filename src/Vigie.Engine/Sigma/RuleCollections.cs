using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Resolves <c>action</c> in files of several documents: <c>global</c> gives what the documents after it have in common (several add up),
/// <c>reset</c> ends that, <c>repeat</c> is the last rule again with changes. Maps are merged; for the rest the later document wins.
/// </summary>
internal sealed class RuleCollections(string file, ICollection<SigmaProblem> problems)
{
    /// <summary>How many comparisons of keys merging may take in one file; thousands of rules on top of a common part take a few hundred thousand.</summary>
    public const long MaxWork = 20_000_000;

    private SigmaMap? _global;
    private string _globalSource = "";
    private SigmaMap? _last;
    private string _lastSource = "";
    private long _work;
    private bool _isExhausted;

    /// <summary>The document that <paramref name="document"/> stands for; null when it only prepares others.</summary>
    public SigmaYamlDocument? Resolve(SigmaYamlDocument document)
    {
        var root = document.Root;
        if (_isExhausted) return null;
        switch (root["action"]?.Text)
        {
            case null when !root.Has("action"):
                return Remember(_global is null ? root : Merge(_global, root), _globalSource, document.Source);
            case "global":
                _global = _global is null ? WithoutAction(root) : Merge(_global, WithoutAction(root));
                _globalSource = SigmaDocument.VersionOf(_globalSource + document.Source);
                return null;
            case "reset":
                _global = null;
                _globalSource = "";
                return null;
            case "repeat" when _last is not null:
                return Remember(Merge(_last, WithoutAction(root)), SigmaDocument.VersionOf(_lastSource), document.Source);
            case "repeat":
                Report(root, "'action: repeat' has no rule before it.", "« action: repeat » n'a pas de règle avant lui.");
                return null;
            default:
                Report(root, "'action' is global, reset or repeat.", "« action » vaut global, reset ou repeat.");
                return null;
        }
    }

    // What lies below stands for its text by its version, so that a long row of documents does not add up.
    private SigmaYamlDocument? Remember(SigmaMap root, string below, string source)
    {
        if (_work > MaxWork)
        {
            _isExhausted = true;
            problems.Add(new SigmaProblem(file, root.Line, "collection.too-large", new Bilingual(
                "The collection takes too long to put together; the rest of the file is not read.", "La collection est trop longue à assembler ; la suite du fichier n'est pas lue."), true));
            return null;
        }

        _last = root;
        _lastSource = below + source;
        return new SigmaYamlDocument(root, _lastSource);
    }

    private void Report(SigmaMap root, string english, string french) =>
        problems.Add(new SigmaProblem(file, root["action"]!.Line, "collection.action", new Bilingual(english, french), true));

    private static SigmaMap WithoutAction(SigmaMap root) => new([.. root.Entries.Where(e => e.Name != "action")], root.Line);

    private SigmaMap Merge(SigmaMap below, SigmaMap above)
    {
        _work += (long)below.Entries.Length * (above.Entries.Length + 1);
        if (_work > MaxWork) return above;
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
