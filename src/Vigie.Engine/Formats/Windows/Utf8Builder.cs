using System.Buffers;

namespace Vigie.Engine.Formats.Windows;

/// <summary>Joins bytes, on the stack as long as they fit. <see cref="Release"/> when done.</summary>
internal ref struct Utf8Builder(Span<byte> stack)
{
    private Span<byte> _bytes = stack;
    private byte[]? _rented;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    public void Append(ReadOnlySpan<byte> more)
    {
        if (_bytes.Length - _length < more.Length) Grow(_length + more.Length);
        more.CopyTo(_bytes[_length..]);
        _length += more.Length;
    }

    public void Release()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
        _bytes[.._length].CopyTo(larger);
        Release();
        _rented = larger;
        _bytes = larger;
    }
}
