using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Rules;

/// <summary>Reads what <see cref="RuleWriter"/> wrote.</summary>
internal sealed class RuleReader(BinaryReader reader)
{
    // The cache is checked by its hash before it is read; these only keep a wrong program from running away.
    private const int MostItems = 1_000_000;
    private const int MostDepth = 1000;

    private readonly Dictionary<string, string> _interned = new(StringComparer.Ordinal);
    private int _depth;

    public RuleCache.Entry ReadEntry() =>
        new(new RuleFile(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64()), ReadAll(ReadRule), ReadAll(ReadProblem));

    private SigmaProblem ReadProblem() =>
        new(reader.ReadString(), reader.ReadInt32(), reader.ReadString(), new Bilingual(reader.ReadString(), reader.ReadString()), reader.ReadBoolean());

    // Initializers run in the order they are written, which is the order of the file.
    private SigmaRule ReadRule() => new()
    {
        Id = reader.ReadString(),
        Name = ReadOptional(),
        Title = reader.ReadString(),
        FrenchTitle = ReadOptionalText(),
        Description = reader.ReadString(),
        FrenchDescription = ReadOptionalText(),
        Level = (Severity)reader.ReadByte(),
        Status = ReadOptional(),
        Source = new LogSource(ReadOptional(), ReadOptional(), ReadOptional()),
        Tags = ReadAll(ReadInterned),
        Techniques = ReadAll(ReadInterned),
        Author = ReadInterned(),
        Date = ReadInterned(),
        FalsePositives = ReadAll(ReadInterned),
        FrenchFalsePositives = ReadAll(ReadInterned),
        References = ReadAll(reader.ReadString),
        Fields = ReadAll(ReadInterned),
        Conditions = ReadAll(ReadTerm),
        UnusedDetections = ReadAll(ReadInterned),
        MissingPlaceholders = ReadAll(ReadInterned),
        File = reader.ReadString(),
        Line = reader.ReadInt32(),
        Version = reader.ReadString(),
    };

    private Term ReadTerm()
    {
        if (++_depth > MostDepth) throw new InvalidDataException("terms lie too deep");
        var code = (TermCode)reader.ReadByte();
        Term term = code switch
        {
            TermCode.And => new Term.And(ReadAll(ReadTerm)),
            TermCode.Or => new Term.Or(ReadAll(ReadTerm)),
            TermCode.Not => new Term.Not(ReadTerm()),
            TermCode.Named => new Term.Named(ReadInterned(), ReadTerm()),
            TermCode.Field => ReadField(),
            TermCode.Keyword => ReadKeyword(),
            TermCode.Constant => new Term.Constant(reader.ReadBoolean(), reader.ReadString()),
            _ => throw new InvalidDataException($"no term has the code {code}"),
        };
        _depth--;
        return term;
    }

    private Term.Field ReadField()
    {
        var (name, line) = (ReadInterned(), reader.ReadInt32());
        return new Term.Field(name, ReadTest(), line);
    }

    private Term.Keyword ReadKeyword()
    {
        var line = reader.ReadInt32();
        return new Term.Keyword(ReadTest(), line);
    }

    private ValueTest ReadTest()
    {
        var code = (TestCode)reader.ReadByte();
        return code switch
        {
            TestCode.Text => ReadText(),
            TestCode.Regex => new ValueTest.Regex(reader.ReadString(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean()),
            TestCode.Cidr => new ValueTest.Cidr([.. reader.ReadBytes(16)], reader.ReadInt32(), reader.ReadString()),
            TestCode.Number => new ValueTest.Number((Comparison)reader.ReadByte(), decimal.Parse(reader.ReadString(), CultureInfo.InvariantCulture)),
            TestCode.FieldReference => new ValueTest.FieldReference(ReadInterned(), (ReferenceMatch)reader.ReadByte(), reader.ReadBoolean()),
            TestCode.Date => new ValueTest.Date((DatePart)reader.ReadByte(), (Comparison)reader.ReadByte(), reader.ReadInt32()),
            TestCode.Null => new ValueTest.Null(),
            TestCode.Exists => new ValueTest.Exists(reader.ReadBoolean()),
            _ => throw new InvalidDataException($"no test has the code {code}"),
        };
    }

    private ValueTest.Text ReadText()
    {
        var cased = reader.ReadBoolean();
        return new ValueTest.Text(new TextPattern(ReadAll(ReadPart)), cased);
    }

    private PatternPart ReadPart()
    {
        var kind = (PatternPartKind)reader.ReadByte();
        return new PatternPart(kind, kind == PatternPartKind.Literal ? reader.ReadString() : "");
    }

    private string? ReadOptional() => reader.ReadBoolean() ? ReadInterned() : null;

    private string? ReadOptionalText() => reader.ReadBoolean() ? reader.ReadString() : null;

    private string ReadInterned()
    {
        var text = reader.ReadString();
        if (_interned.TryGetValue(text, out var known)) return known;
        _interned.Add(text, text);
        return text;
    }

    private ImmutableArray<T> ReadAll<T>(Func<T> read)
    {
        var count = reader.ReadInt32();
        if (count is < 0 or > MostItems) throw new InvalidDataException("a list is too long");
        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = read();
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}
