using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Reads what <see cref="StateWriter"/> wrote. What it is given may be cut or foreign: a length is believed only if the bytes are there.</summary>
/// <exception cref="InvalidDataException">Thrown by every method when the bytes are not what they should be.</exception>
internal sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    private int _position;

    /// <summary>A reader of what <see cref="StateWriter.ToSealedArray"/> gave; null when a bit of it has changed.</summary>
    public static StateReader? OfSealed(ReadOnlyMemory<byte> bytes)
    {
        const int Seal = SHA256.HashSizeInBytes;
        if (bytes.Length < Seal) return null;
        return SHA256.HashData(bytes.Span[Seal..]).AsSpan().SequenceEqual(bytes.Span[..Seal]) ? new StateReader(bytes[Seal..]) : null;
    }

    public bool IsAtEnd => _position == bytes.Length;

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public int ReadInt() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A number of things that follow, of at least four bytes each.</summary>
    public int ReadCount()
    {
        var count = ReadInt();
        if (count < 0 || count > (bytes.Length - _position) / sizeof(int)) throw new InvalidDataException("a count that cannot be");
        return count;
    }

    public decimal ReadDecimal()
    {
        Span<int> parts = [ReadInt(), ReadInt(), ReadInt(), ReadInt()];
        if ((parts[3] & 0x7F00FFFF) != 0 || ((parts[3] >> 16) & 0xFF) > 28) throw new InvalidDataException("a number that cannot be");
        return new decimal(parts);
    }

    public string ReadText() => ReadOptionalText() ?? throw new InvalidDataException("a text is missing");

    public string? ReadOptionalText()
    {
        var length = ReadInt();
        if (length == -1) return null;
        if (length < 0) throw new InvalidDataException("a length that cannot be");
        return Encoding.UTF8.GetString(Take(length));
    }

    public string?[]? ReadRow()
    {
        if (ReadInt() is var length && length == -1) return null;
        if (length < 0 || length > (bytes.Length - _position) / sizeof(int)) throw new InvalidDataException("a length that cannot be");
        var row = new string?[length];
        for (var i = 0; i < length; i++) row[i] = ReadOptionalText();
        return row;
    }

    /// <summary>A part that is read by itself.</summary>
    public StateReader ReadPart()
    {
        var length = ReadInt();
        if (length < 0 || length > bytes.Length - _position) throw new InvalidDataException("a length that cannot be");
        var part = new StateReader(bytes.Slice(_position, length));
        _position += length;
        return part;
    }

    public List<Member> ReadMembers()
    {
        var members = new List<Member>();
        for (var left = ReadCount(); left > 0; left--)
        {
            var ticks = ReadTicks();
            var since = ReadTicks();
            var slot = ReadInt();
            if (slot < 0) throw new InvalidDataException("a place that cannot be");
            var (identity, amount, events, value, supplied) = (ReadText(), ReadDecimal(), ReadLong(), ReadOptionalText(), ReadRow());
            members.Add(new Member(ticks, since, slot, identity, amount, events, value, ReadParts(), supplied));
        }

        return members;
    }

    public ImmutableArray<CorrelatedEvent> ReadParts()
    {
        var count = ReadCount();
        var parts = ImmutableArray.CreateBuilder<CorrelatedEvent>(count);
        for (var i = 0; i < count; i++) parts.Add(new CorrelatedEvent(ReadText(), ReadText(), new DateTimeOffset(ReadTicks(), TimeSpan.Zero)));
        return parts.MoveToImmutable();
    }

    public long ReadTicks()
    {
        var ticks = ReadLong();
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : throw new InvalidDataException("a time that cannot be");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > bytes.Length - _position) throw new InvalidDataException("the end comes too early");
        var taken = bytes.Span.Slice(_position, length);
        _position += length;
        return taken;
    }
}
