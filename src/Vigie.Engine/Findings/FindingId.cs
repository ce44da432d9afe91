using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Engine.Findings;

/// <summary>
/// The deterministic identity of a finding: the same detector, rule and evidence give the same id on every
/// machine and in every run, so that a batch delivered twice is stored once.
/// </summary>
/// <param name="Value">32 lower-case hexadecimal digits.</param>
public readonly record struct FindingId(string Value)
{
    /// <summary>The id of what <paramref name="detector"/> and <paramref name="rule"/> concluded from one piece of evidence.</summary>
    /// <param name="detector">The detector's stable id, for example <c>mail.lookalike-recipient</c>.</param>
    /// <param name="rule">The rule's id, without its version: a better rule about the same evidence is the same finding.</param>
    /// <param name="evidence">The parts of the evidence's identity, as its source defines them.</param>
    public static FindingId Of(string detector, string rule, params ReadOnlySpan<string> evidence)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, detector);
        Append(hash, rule);
        foreach (var part in evidence) Append(hash, part);

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new FindingId(Convert.ToHexStringLower(digest[..16]));
    }

    /// <summary>An identity part for a number, culture-free.</summary>
    public static string Part(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => Value;

    // Length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    private static void Append(IncrementalHash hash, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
