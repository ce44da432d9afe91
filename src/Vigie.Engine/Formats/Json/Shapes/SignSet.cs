using System.Runtime.Intrinsics;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>Which of the paths by which shapes are recognized a document has: one bit each.</summary>
internal readonly record struct SignSet
{
    private const int Capacity = 256;

    private readonly Vector256<ulong> _bits;

    private SignSet(Vector256<ulong> bits) => _bits = bits;

    /// <summary>None of them.</summary>
    public static SignSet None => default;

    /// <summary>Just one.</summary>
    public static SignSet Of(int number) => number < Capacity
        ? new SignSet(Vector256<ulong>.Zero.WithElement(number / 64, 1UL << (number % 64)))
        : throw new ArgumentOutOfRangeException(nameof(number), "more signs than bits");

    /// <summary>The paths of both.</summary>
    public static SignSet operator |(SignSet left, SignSet right) => new(left._bits | right._bits);

    /// <summary>Whether all of <paramref name="wanted"/> are there.</summary>
    public bool HasAll(in SignSet wanted) => Vector256.AndNot(wanted._bits, _bits) == Vector256<ulong>.Zero;

    /// <inheritdoc/>
    public bool Equals(SignSet other) => _bits == other._bits;

    /// <inheritdoc/>
    public override int GetHashCode() => _bits.GetHashCode();
}
