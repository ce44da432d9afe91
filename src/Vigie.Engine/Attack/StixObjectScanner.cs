using System.Buffers;
using System.Text.Json;

namespace Vigie.Engine.Attack;

/// <summary>How much of a file of STIX objects is read before it is refused.</summary>
public sealed record StixLimits
{
    /// <summary>Bytes of all of it, unpacked.</summary>
    public long MaxBytes { get; init; } = 1_000_000_000;

    /// <summary>Bytes of one object.</summary>
    public int MaxObjectBytes { get; init; } = 4_000_000;

    /// <summary>How many objects.</summary>
    public int MaxObjects { get; init; } = 500_000;

    /// <summary>How deep objects and lists may lie in each other.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Problems are counted beyond this, and not kept.</summary>
    public int MaxProblems { get; init; } = 20;
}

/// <summary>What is wrong in a file of STIX objects.</summary>
/// <param name="Line">The line where the object begins, or where reading ended; from 1.</param>
/// <param name="Field">The property concerned; empty where it is the object itself.</param>
/// <param name="Text">What is wrong with it.</param>
public sealed record StixProblem(int Line, string Field, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Field.Length > 0 ? $"{Line}: {Field}: {Text}" : $"{Line}: {Text}";
}

/// <summary>
/// Cuts STIX objects out of bytes as they come: the <c>objects</c> of a bundle (STIX 2.1 §8), a plain list of objects, or
/// objects one after the other (JSON lines). Only one object is in memory at a time. Any bytes are taken; what is no JSON ends
/// the reading with <see cref="Failure"/>.
/// </summary>
/// <param name="limits">Where reading ends.</param>
/// <param name="found">Told of every object with the line it begins on; the element is valid during the call only.</param>
/// <param name="broken">Told of an object that is not JSON although its brackets close; reading goes on behind it.</param>
public sealed class StixObjectScanner(StixLimits limits, Action<JsonElement, int> found, Action<StixProblem> broken)
{
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create("\"\\\n"u8);

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private readonly ArrayBufferWriter<byte> _object = new();
    private readonly byte[] _open = new byte[limits.MaxDepth];
    private int _depth;

    // Objects are reported that begin at this depth: 0 in JSON lines, 1 in a list, 2 in a bundle.
    private int _level;
    private bool _collecting;
    private bool _inText;
    private bool _escaped;
    private bool _namesObjects;
    private int _marks;
    private int _textFrom;
    private int _line = 1;
    private int _objectLine;
    private long _bytes;
    private int _objects;

    /// <summary>Why reading ended early; null while it goes on.</summary>
    public StixProblem? Failure { get; private set; }

    /// <summary>How many objects there were so far.</summary>
    public int Objects => _objects;

    /// <summary>Takes the next bytes; false once reading has ended early.</summary>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null) return false;
        _bytes += bytes.Length;
        if (_bytes > limits.MaxBytes) return Fail($"more than {limits.MaxBytes} bytes");
        var at = 0;
        while (at < bytes.Length && Failure is null)
        {
            if (_inText) at = PassText(bytes, at);
            else Structure(bytes[at++]);
        }

        if (Failure is null && _collecting && _object.WrittenCount > limits.MaxObjectBytes) Fail($"the object that begins on line {_objectLine} has more than {limits.MaxObjectBytes} bytes");
        return Failure is null;
    }

    /// <summary>Says that there are no more bytes; false when something had begun that did not end.</summary>
    public bool End() => Failure is null && (_depth == 0 && !_inText || Fail(_collecting ? $"the object that begins on line {_objectLine} does not end" : "the bundle does not end"));

    private int PassText(ReadOnlySpan<byte> bytes, int at)
    {
        if (_escaped)
        {
            _escaped = false;
            Keep(bytes.Slice(at, 1));
            return at + 1;
        }

        var length = bytes[at..].IndexOfAny(EndsPlainText);
        if (length < 0) length = bytes.Length - at;
        Keep(bytes.Slice(at, length));
        at += length;
        if (at == bytes.Length) return at;
        switch (bytes[at])
        {
            case (byte)'\n':
                Fail("a text does not end before its line does");
                break;
            case (byte)'\\':
                _escaped = true;
                break;
            default:
                _inText = false;
                // In the head of a bundle the list follows the name; what lies deeper is not looked at.
                _namesObjects = _depth == 1 && _level == 0 && _object.WrittenSpan[_textFrom..].SequenceEqual("objects"u8);
                break;
        }

        Keep(bytes.Slice(at, 1));
        return at + 1;
    }

    private void Structure(byte b)
    {
        switch (b)
        {
            case (byte)'\n':
                _line++;
                Keep(b);
                break;
            case (byte)'{' or (byte)'[':
                Open(b);
                break;
            case (byte)'}' or (byte)']':
                Close(b);
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r':
                Keep(b);
                break;
            // RFC 7464: a record separator may stand before each object.
            case 0x1E when _depth == 0:
                break;
            case var mark when _objects == 0 && _depth == 0 && _marks < ByteOrderMark.Length && mark == ByteOrderMark[_marks]:
                _marks++;
                break;
            default:
                if (_depth == 0) Fail("a JSON object is expected here");
                else if (!_collecting && _depth == _level && b != ',') Fail("only objects belong in a list of objects");
                else if (b == '"') BeginText();
                else Keep(b);
                break;
        }
    }

    private void BeginText()
    {
        Keep((byte)'"');
        _inText = true;
        _textFrom = _object.WrittenCount;
    }

    private void Open(byte b)
    {
        if (_depth == limits.MaxDepth)
        {
            Fail($"more than {limits.MaxDepth} objects and lists within each other");
            return;
        }

        if (b == '[' && _depth == 0) _level = 1;
        else if (b == '[' && _depth == 1 && _namesObjects)
        {
            // What was collected is the head of the bundle.
            _level = 2;
            _collecting = false;
            _object.ResetWrittenCount();
        }
        else if (!_collecting && _depth == _level)
        {
            if (b == '[')
            {
                Fail("only objects belong in a list of objects");
                return;
            }

            _collecting = true;
            _objectLine = _line;
            _object.ResetWrittenCount();
        }

        _namesObjects = false;
        _open[_depth++] = b;
        Keep(b);
    }

    private void Close(byte b)
    {
        if (_depth == 0 || _open[_depth - 1] + 2 != b)
        {
            Fail($"'{(char)b}' closes nothing");
            return;
        }

        _depth--;
        Keep(b);
        if (_collecting && _depth == _level) Report();
        else if (_depth == 0) _level = 0;
        else if (_level == 2 && _depth == 1) _level = -1;
    }

    private void Report()
    {
        _collecting = false;
        if (++_objects > limits.MaxObjects)
        {
            Fail($"more than {limits.MaxObjects} objects");
            return;
        }

        if (_object.WrittenCount > limits.MaxObjectBytes)
        {
            Fail($"the object that begins on line {_objectLine} has more than {limits.MaxObjectBytes} bytes");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(_object.WrittenMemory, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
            found(document.RootElement, _objectLine);
        }
        catch (JsonException e)
        {
            broken(new StixProblem(_objectLine + (int)(e.LineNumber ?? 0), "", $"this is not JSON: character {(e.BytePositionInLine ?? 0) + 1} of the object's line"));
        }
    }

    private void Keep(byte b) => Keep([b]);

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!_collecting) return;
        if (_object.WrittenCount + bytes.Length > limits.MaxObjectBytes + 1) Fail($"the object that begins on line {_objectLine} has more than {limits.MaxObjectBytes} bytes");
        else _object.Write(bytes);
    }

    private bool Fail(string text)
    {
        Failure ??= new StixProblem(_line, "", text);
        return false;
    }
}
