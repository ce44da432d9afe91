using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Writes an engine's memory: numbers little-endian, texts and lists with their length before them.</summary>
internal sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written, with a checksum before it.</summary>
    public byte[] ToSealedArray()
    {
        var written = _bytes.WrittenSpan;
        var all = new byte[SHA256.HashSizeInBytes + written.Length];
        SHA256.HashData(written, all);
        written.CopyTo(all.AsSpan(SHA256.HashSizeInBytes));
        return all;
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
    }

    public void Write(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (var part in parts) Write(part);
    }

    public void Write(string? text)
    {
        if (text is null)
        {
            Write(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Write(length);
        Encoding.UTF8.GetBytes(text, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    public void Write(StateWriter part)
    {
        var written = part._bytes.WrittenSpan;
        Write(written.Length);
        written.CopyTo(_bytes.GetSpan(written.Length));
        _bytes.Advance(written.Length);
    }

    public void Write(string?[]? row)
    {
        Write(row?.Length ?? -1);
        foreach (var value in row ?? []) Write(value);
    }

    public void Write(IReadOnlyList<Member> members)
    {
        Write(members.Count);
        foreach (var member in members)
        {
            Write(member.Ticks);
            Write(member.Since);
            Write(member.Slot);
            Write(member.Identity);
            Write(member.Amount);
            Write(member.Events);
            Write(member.Value);
            Write(member.Supplied);
            Write(member.Parts.AsSpan());
        }
    }

    public void Write(ReadOnlySpan<CorrelatedEvent> parts)
    {
        Write(parts.Length);
        foreach (var part in parts)
        {
            Write(part.Rule);
            Write(part.Identity);
            Write(part.Time.UtcTicks);
        }
    }
}
