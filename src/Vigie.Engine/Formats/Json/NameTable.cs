using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Json.Shapes;

namespace Vigie.Engine.Formats.Json;

/// <summary>The names of one shape's documents as a tree, with their slots in one catalog. Grows as names are seen; bounded.</summary>
internal sealed class NameTable
{
    // Names are dropped and learnt again when documents bring ever new ones (identifiers used as names).
    private const int MaxNodes = 16 * 1024;

    // Names that do not stand in the document are kept by the record as long as it lives.
    private const int MaxRenamed = 2048;

    // No name that anybody reads is longer.
    private const int MaxPath = 1024;

    private readonly Dictionary<string, int> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _renamed = new(StringComparer.Ordinal);
    private readonly List<NameNode> _renamedNodes = [];
    private readonly FieldCatalog _catalog;
    private NameNode _pairs = NewRoot();
    private EventRecord? _record;
    private int _count;

    /// <summary>Makes the empty table of <paramref name="shape"/>.</summary>
    public NameTable(JsonShape shape, FieldCatalog catalog)
    {
        Shape = shape;
        _catalog = catalog;
        var anchors = shape.Anchors;
        for (var i = 0; i < anchors.Length; i++) _anchors.Add(anchors[i], i);
        Root = NewRoot();
    }

    /// <summary>Whose names these are.</summary>
    public JsonShape Shape { get; }

    /// <summary>The signs of the last document that turned out to be of this shape.</summary>
    public SignSet Signs { get; set; }

    /// <summary>The document itself.</summary>
    public NameNode Root { get; private set; }

    /// <summary>Makes the table fit for the next document, which goes to <paramref name="record"/>.</summary>
    public void Prepare(EventRecord record)
    {
        if (_count > MaxNodes)
        {
            Root = NewRoot();
            _pairs = NewRoot();
            _renamedNodes.Clear();
            _count = 0;
        }

        if (ReferenceEquals(record, _record)) return;
        // A renamed name's number is the record's.
        _record = record;
        foreach (var node in _renamedNodes) node.NameId = record.Intern(node.Renamed!);
    }

    /// <summary>The child of a name, made when it is new.</summary>
    /// <param name="parent">The node of its container.</param>
    /// <param name="name">The name as it stands between its quotes, escapes included.</param>
    public NameNode Child(NameNode parent, ReadOnlySpan<byte> name)
    {
        if (parent.Child(name) is { } known) return known;
        var made = Make(parent, name);
        parent.Adopt(made);
        _count++;
        return made;
    }

    /// <summary>The node of the field that a pair names.</summary>
    public NameNode Pair(ReadOnlySpan<byte> name)
    {
        if (_pairs.Child(name) is { } known) return known;
        var text = name.Length > MaxPath ? "" : Decode(name, out _);
        var field = name.Length > MaxPath ? "" : Shape.FieldOfPair(text);
        var renamed = field != text && MayRename(field) ? field : null;
        var made = new NameNode(name) { Slot = _catalog.SlotOf(field), Renamed = renamed, NameId = renamed is null || _record is null ? 0 : _record.Intern(renamed) };
        if (renamed is not null) _renamedNodes.Add(made);
        _pairs.Adopt(made);
        _count++;
        return made;
    }

    private static NameNode NewRoot() => new([]) { IsPlain = true };

    private NameNode Make(NameNode parent, ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxPath || parent.RawPath.Length > MaxPath) return new NameNode(name) { IsPlain = true, RawPath = parent.RawPath, MayWrap = true };
        var text = Decode(name, out var escaped);
        var rawPath = Join(parent.RawPath, text);
        // Elasticsearch and OpenSearch wrap every document they export.
        if (ReferenceEquals(parent, Root) && rawPath == "_source") return new NameNode(name) { Body = Root, IsLifted = true, MayWrap = true };

        return Make(parent, name, text, rawPath, Shape.Name(rawPath), escaped);
    }

    private NameNode Make(NameNode parent, ReadOnlySpan<byte> name, string text, string rawPath, JsonName treatment, bool escaped)
    {
        var path = Join(parent.Path, text);
        var ownName = text;
        var atRoot = false;
        switch (treatment.Treatment)
        {
            case NameTreatment.Renamed:
            case NameTreatment.PairValue when treatment.Text.Length > 0:
                (path, ownName, atRoot) = (treatment.Text, treatment.Text, true);
                break;
            case NameTreatment.Stripped:
                path = rawPath[Math.Min(treatment.Prefix, rawPath.Length)..];
                // Below a container of the stripped path only the container's name is shorter.
                atRoot = text.Length >= path.Length;
                if (atRoot) ownName = path;
                break;
        }

        return Make(parent, name, rawPath, path, treatment.Treatment, atRoot, RenamedTo(ownName, text, escaped, out var skip), skip);
    }

    // What ends in the field's name needs no copy of it.
    private string? RenamedTo(string ownName, string text, bool escaped, out int skip)
    {
        skip = 0;
        if (!escaped && text.EndsWith(ownName, StringComparison.Ordinal))
        {
            skip = Encoding.UTF8.GetByteCount(text.AsSpan(0, text.Length - ownName.Length));
            return null;
        }

        return MayRename(ownName) ? ownName : null;
    }

    private NameNode Make(NameNode parent, ReadOnlySpan<byte> name, string rawPath, string path, NameTreatment treatment, bool atRoot, string? renamed, int skip)
    {
        var signs = JsonShapes.SignOf(rawPath);
        var anchor = _anchors.GetValueOrDefault(rawPath, -1);
        var aliases = SlotsOf(Shape.Aliases(rawPath));
        var lifted = treatment is NameTreatment.Lifted or NameTreatment.Dropped;
        var made = new NameNode(name)
        {
            RawPath = rawPath,
            // A value of that name keeps it; what a container of that name holds does not have it.
            Path = lifted ? parent.Path : path,
            Slot = _catalog.SlotOf(path),
            Skip = skip,
            Renamed = renamed,
            NameId = renamed is null || _record is null ? 0 : _record.Intern(renamed),
            AtRoot = atRoot,
            IsLifted = lifted,
            Treatment = treatment,
            Anchor = anchor,
            MayWrap = ReferenceEquals(parent, Root) && JsonWrapper.IsName(name),
            Signs = signs,
            Aliases = aliases,
            IsPlain = treatment == NameTreatment.Kept && renamed is null && anchor < 0 && signs == SignSet.None && aliases.Length == 0,
        };
        if (renamed is not null) _renamedNodes.Add(made);
        return made;
    }

    private int[] SlotsOf(ImmutableArray<string> names) => names.IsEmpty ? [] : [.. names.Select(a => _catalog.SlotOf(a)).Where(s => s >= 0)];

    private bool MayRename(string name)
    {
        if (_renamed.Contains(name)) return true;
        if (_renamed.Count >= MaxRenamed) return false;
        _renamed.Add(name);
        return true;
    }

    private static string Decode(ReadOnlySpan<byte> name, out bool escaped)
    {
        escaped = name.Contains((byte)'\\');
        if (!escaped) return Encoding.UTF8.GetString(name);
        var target = new byte[name.Length];
        return Encoding.UTF8.GetString(target.AsSpan(0, JsonText.Unescape(name, target)));
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";
}
