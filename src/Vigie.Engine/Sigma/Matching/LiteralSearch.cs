using System.Buffers.Binary;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// All literals that the rules of a route look for in one field, found in one pass over a folded value. Patterns with
/// several literals, and cased ones, are represented by one folded literal and verified when it is found.
/// </summary>
internal sealed class LiteralSearch
{
    // With so few literals, looking for each by itself is faster than walking the value gram by gram.
    private const int Few = 6;

    private readonly byte[][] _literals;
    private readonly int[] _targetStarts;
    private readonly Target[] _targets;
    private readonly AnchorTable? _wholes;
    private readonly AnchorTable? _starts;
    private readonly AnchorTable? _ends;
    private readonly GramTable? _grams;
    private readonly ShortLiterals? _brief;
    private readonly int[] _few = [];

    private LiteralSearch(byte[][] literals, int[] targetStarts, Target[] targets, List<(byte[] Bytes, int Literal)>[] byShape)
    {
        _literals = literals;
        _targetStarts = targetStarts;
        _targets = targets;
        if (byShape[(int)TextShape.Exact].Count > 0) _wholes = AnchorTable.OfWholes(byShape[(int)TextShape.Exact]);
        if (byShape[(int)TextShape.StartsWith].Count > 0) _starts = AnchorTable.OfStarts(byShape[(int)TextShape.StartsWith]);
        if (byShape[(int)TextShape.EndsWith].Count > 0) _ends = AnchorTable.OfEnds(byShape[(int)TextShape.EndsWith]);
        var anywhere = byShape[(int)TextShape.Contains];
        if (anywhere.Count <= Few)
        {
            _few = [.. anywhere.Select(l => l.Literal)];
            return;
        }

        var (shorter, longer) = (anywhere.FindAll(l => l.Bytes.Length < GramTable.GramLength), anywhere.FindAll(l => l.Bytes.Length >= GramTable.GramLength));
        if (shorter.Count > 0) _brief = new ShortLiterals(shorter);
        if (longer.Count > 0) _grams = new GramTable(longer);
    }

    /// <summary>A number no other search of the process has.</summary>
    public int Id { get; } = ValueMemory.NewSearch();

    /// <summary>Looks for all of them in the value of a field and tells <see cref="RuleMatcher.Found"/> the atoms that hold.</summary>
    public void Run(FoldedValues values, RuleMatcher matcher, EventRecord record, int field)
    {
        var (start, length) = values.Locate(record, field);
        var buffer = values.Buffer;
        var place = new Place(buffer, start, length, matcher, record, field);
        var first = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(start));
        var last = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(start + length - sizeof(ulong)));
        _wholes?.AtBoth(first, last, length, this, place);
        _starts?.AtStart(first, length, this, place);
        _ends?.AtEnd(last, length, this, place);
        _grams?.Search(place.Value, this, place);
        _brief?.Search(place.Value, this, place);
        foreach (var literal in _few)
        {
            if (place.Value.IndexOf(_literals[literal]) >= 0) Found(literal, place);
        }
    }

    /// <summary>The length of the literal by which a test is searched for; 0 when it has none.</summary>
    public static int LengthOf(TextTest test) => test.Shape == TextShape.Any ? 0 : KeyOf(test).Literal.Length;

    /// <summary>All literals as one text, to tell searches for the same ones.</summary>
    public string Key => string.Join('\n', _literals.Select(Convert.ToHexString).Order(StringComparer.Ordinal));

    /// <summary>A filter that tells whether any of the literals may be in a text; null when there are too many.</summary>
    public KeywordFilter? Filter() => KeywordFilter.Of(_literals);

    /// <summary>Takes a literal that must stand at an end for found when the value holds it there.</summary>
    public void Verify(int literal, in Place place)
    {
        var bytes = _literals[literal];
        if (bytes.Length > place.Length) return;
        var holds = _targets[_targetStarts[literal]].Shape switch
        {
            TextShape.StartsWith => place.Value.StartsWith(bytes),
            TextShape.EndsWith => place.Value.EndsWith(bytes),
            _ => place.Value.SequenceEqual(bytes),
        };
        if (holds) Found(literal, place);
    }

    /// <summary>Takes a literal for found when the value holds it at a place.</summary>
    public void VerifyAt(int literal, int at, in Place place)
    {
        var bytes = _literals[literal];
        if (at < 0 || at + bytes.Length > place.Length) return;
        if (place.Value.Slice(at, bytes.Length).SequenceEqual(bytes)) Found(literal, place);
    }

    private void Found(int literal, in Place place)
    {
        for (var i = _targetStarts[literal]; i < _targetStarts[literal + 1]; i++)
        {
            ref readonly var target = ref _targets[i];
            if (target.Verify is { } test && !test.Matches(test.IsCased ? place.Record.Value(place.Field) : place.Value)) continue;
            place.Matcher.Found(target.Atom);
        }
    }

    // A cased literal is looked for folded like all others, and verified as it is written.
    private static (TextShape Shape, byte[] Literal) KeyOf(TextTest test)
    {
        var (shape, literal) = (test.Shape, test.Literal);
        if (shape == TextShape.General) (shape, literal) = (TextShape.Contains, test.Literals.MaxBy(l => l.Length) ?? []);
        return (shape, test.IsCased ? FoldedText.Of(literal) : literal);
    }

    /// <summary>The value that is searched.</summary>
    internal readonly ref struct Place(byte[] buffer, int start, int length, RuleMatcher matcher, EventRecord record, int field)
    {
        public ReadOnlySpan<byte> Value { get; } = buffer.AsSpan(start, length);

        public int Length => Value.Length;

        public RuleMatcher Matcher { get; } = matcher;

        public EventRecord Record { get; } = record;

        public int Field { get; } = field;
    }

    private readonly record struct Target(int Atom, TextShape Shape, TextTest? Verify);

    /// <summary>Gathers the literals of a field.</summary>
    internal sealed class Builder
    {
        private readonly Dictionary<(TextShape Shape, string Literal), List<Target>> _targets = [];

        /// <summary>Adds a test whose <see cref="LengthOf"/> is not 0, or that is for the empty text.</summary>
        public void Add(TextTest test, int atom)
        {
            var (shape, literal) = KeyOf(test);
            // One character for each byte: a dictionary of strings needs no comparer of its own.
            var key = (shape, string.Create(literal.Length, literal, static (chars, bytes) =>
            {
                for (var i = 0; i < chars.Length; i++) chars[i] = (char)bytes[i];
            }));
            if (!_targets.TryGetValue(key, out var targets)) _targets.Add(key, targets = []);
            targets.Add(new Target(atom, shape, test.IsCased || test.Shape == TextShape.General ? test : null));
        }

        /// <summary>The search, or null when there is nothing to look for.</summary>
        public LiteralSearch? Build()
        {
            if (_targets.Count == 0) return null;
            var literals = new byte[_targets.Count][];
            var starts = new int[_targets.Count + 1];
            var targets = new List<Target>();
            var byShape = new List<(byte[], int)>[(int)TextShape.General];
            for (var i = 0; i < byShape.Length; i++) byShape[i] = [];
            var literal = 0;
            foreach (var ((shape, text), list) in _targets)
            {
                literals[literal] = [.. text.Select(c => (byte)c)];
                targets.AddRange(list);
                starts[literal + 1] = targets.Count;
                byShape[(int)shape].Add((literals[literal], literal));
                literal++;
            }

            return new LiteralSearch(literals, starts, [.. targets], byShape);
        }
    }
}
