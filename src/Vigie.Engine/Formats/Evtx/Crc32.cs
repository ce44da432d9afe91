using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>
/// CRC-32 as of ISO 3309 (polynomial 0x04C11DB7, reflected), the checksum of event log files. With carry-less
/// multiplication where the processor has it (V. Gopal and others, "Fast CRC Computation for Generic Polynomials Using
/// PCLMULQDQ Instruction", Intel 2009), since every chunk that is read is checked.
/// </summary>
internal static class Crc32
{
    private const int FoldedBytes = 64;

    private static readonly uint[] Table = BuildTable();

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>The checksum of two stretches as if they were one.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Append(Append(uint.MaxValue, first), second);

    private static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        if (ArmCrc32.Arm64.IsSupported) return AppendArm(state, bytes);
        if (Pclmulqdq.IsSupported && bytes.Length >= 2 * FoldedBytes)
        {
            var folded = bytes.Length / 16 * 16;
            state = Fold(state, bytes[..folded]);
            bytes = bytes[folded..];
        }

        return AppendTable(state, bytes);
    }

    // Eight tables: eight bytes a step.
    private static uint AppendTable(uint state, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = table[(7 * 256) + (byte)low] ^ table[(6 * 256) + (byte)(low >> 8)] ^ table[(5 * 256) + (byte)(low >> 16)] ^ table[(4 * 256) + (int)(low >> 24)]
                ^ table[(3 * 256) + (byte)high] ^ table[(2 * 256) + (byte)(high >> 8)] ^ table[256 + (byte)(high >> 16)] ^ table[(int)(high >> 24)];
            bytes = bytes[8..];
        }

        foreach (var b in bytes) state = table[(byte)(state ^ b)] ^ (state >> 8);
        return state;
    }

    private static uint AppendArm(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            state = ArmCrc32.Arm64.ComputeCrc32(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes) state = ArmCrc32.ComputeCrc32(state, b);
        return state;
    }

    // The constants are x^n mod P for the distances folded over, bit-reflected; names as in the paper's figure 12.
    private static uint Fold(uint state, ReadOnlySpan<byte> bytes)
    {
        var k1k2 = Vector128.Create(0x0000000154442bd4UL, 0x00000001c6e41596UL);
        var k3k4 = Vector128.Create(0x00000001751997d0UL, 0x00000000ccaa009eUL);
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var a = blocks[0] ^ Vector128.CreateScalar((ulong)state);
        var b = blocks[1];
        var c = blocks[2];
        var d = blocks[3];
        blocks = blocks[4..];
        while (blocks.Length >= 4)
        {
            a = FoldOver(a, k1k2) ^ blocks[0];
            b = FoldOver(b, k1k2) ^ blocks[1];
            c = FoldOver(c, k1k2) ^ blocks[2];
            d = FoldOver(d, k1k2) ^ blocks[3];
            blocks = blocks[4..];
        }

        a = FoldOver(a, k3k4) ^ b;
        a = FoldOver(a, k3k4) ^ c;
        a = FoldOver(a, k3k4) ^ d;
        foreach (var block in blocks) a = FoldOver(a, k3k4) ^ block;
        return Reduce(a, k3k4);
    }

    private static Vector128<ulong> FoldOver(Vector128<ulong> value, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(value, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, by, 0x11);

    // 128 bits to 64 to 32, the last step by Barrett's reduction.
    private static uint Reduce(Vector128<ulong> value, Vector128<ulong> k3k4)
    {
        var low32 = Vector128.Create(0xFFFFFFFFUL, 0UL);
        var k5 = Vector128.Create(0x0000000163cd6124UL, 0UL);
        var poly = Vector128.Create(0x00000001db710641UL, 0x00000001f7011641UL);
        value = Vector128.Create(value.GetElement(1), 0UL) ^ Pclmulqdq.CarrylessMultiply(value, k3k4, 0x10);
        value = Vector128.Create((value.GetElement(0) >> 32) | (value.GetElement(1) << 32), value.GetElement(1) >> 32) ^ Pclmulqdq.CarrylessMultiply(value & low32, k5, 0x00);
        var quotient = Pclmulqdq.CarrylessMultiply(value & low32, poly, 0x10) & low32;
        value ^= Pclmulqdq.CarrylessMultiply(quotient, poly, 0x00);
        return (uint)(value.GetElement(0) >> 32);
    }

    private static uint[] BuildTable()
    {
        const uint Polynomial = 0xEDB88320;
        var table = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) * Polynomial);
            table[i] = value;
        }

        for (var i = 0; i < 256; i++)
            for (var slice = 1; slice < 8; slice++)
                table[(slice * 256) + i] = table[(byte)table[((slice - 1) * 256) + i]] ^ (table[((slice - 1) * 256) + i] >> 8);
        return table;
    }
}
