using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Json.Shapes;

namespace Vigie.Engine.Formats.Json;

/// <summary>
/// One name at one place of the documents of a shape, with what is to be done when it comes: worked out when it is seen
/// for the first time, followed without a look-up while names come in the order in which they came before.
/// </summary>
internal sealed class NameNode
{
    private readonly Vector256<byte> _key;
    private readonly byte[] _name;
    private NameNode?[] _children = [];
    private int _count;

    /// <summary>Makes the node of a name as it stands between its quotes.</summary>
    public NameNode(ReadOnlySpan<byte> name)
    {
        _name = name.ToArray();
        Length = name.Length;
        Span<byte> key = stackalloc byte[32];
        key.Clear();
        if (name.Length < 32)
        {
            name.CopyTo(key);
            key[name.Length] = (byte)'"';
        }

        _key = Vector256.Create<byte>(key);
        Body = this;
    }

    /// <summary>Length of the name in bytes as it stands in the document.</summary>
    public int Length { get; }

    /// <summary>The path of raw names, joined by dots.</summary>
    public string RawPath { get; init; } = "";

    /// <summary>The path under which it is found, after what the shape strips or renames; empty at the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>The slot of <see cref="Path"/>.</summary>
    public int Slot { get; init; } = FieldCatalog.None;

    /// <summary>How many bytes of the name in the document are not part of the field's name.</summary>
    public int Skip { get; init; }

    /// <summary>A name that does not stand in the document: its text, and its number in the record in use.</summary>
    public string? Renamed { get; init; }

    /// <summary>The number of <see cref="Renamed"/> in the record in use; 0 when there is none.</summary>
    public int NameId { get; set; }

    /// <summary>Whether the field hangs at the root, whatever container it lies in.</summary>
    public bool AtRoot { get; init; }

    /// <summary>Whether, as a container, it is passed over: what it holds belongs to its own container.</summary>
    public bool IsLifted { get; init; }

    /// <summary>What is done with it.</summary>
    public NameTreatment Treatment { get; init; }

    /// <summary>Where the shape wants to know the field's index; -1 when it does not.</summary>
    public int Anchor { get; init; } = -1;

    /// <summary>What its presence says about the shape of the document.</summary>
    public SignSet Signs { get; init; }

    /// <summary>The slots that get the same value.</summary>
    public int[] Aliases { get; init; } = [];

    /// <summary>Whether an object that begins with it may be a wrapper rather than an event.</summary>
    public bool MayWrap { get; init; }

    /// <summary>Whether there is nothing to do but to add the field under its own name.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whose children its members are: its own, or the root's for an envelope.</summary>
    public NameNode Body { get; init; }

    /// <summary>The member that came first the last time.</summary>
    public NameNode? First { get; set; }

    /// <summary>The member that came after this one the last time.</summary>
    public NameNode? Next { get; set; }

    /// <summary>The member that came after this one before <see cref="Next"/> did.</summary>
    public NameNode? Other { get; set; }

    /// <summary>Whether the bytes from <paramref name="at"/> are this name and its closing quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Stands(byte[] buffer, int at, int end)
    {
        if (at + Length >= end) return false;
        if (Length >= 32 || at > buffer.Length - 32) return StandsSlowly(buffer, at);
        var mask = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(31 - Length));
        return (Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(buffer), (nuint)at) & mask) == _key;
    }

    /// <summary>The child of this name, or null.</summary>
    public NameNode? Child(ReadOnlySpan<byte> name)
    {
        if (_children.Length == 0) return null;
        var mask = _children.Length - 1;
        for (var i = Hash(name) & mask; _children[i] is { } child; i = (i + 1) & mask)
        {
            if (name.SequenceEqual(child._name)) return child;
        }

        return null;
    }

    /// <summary>Takes in a child that <see cref="Child"/> does not have.</summary>
    public void Adopt(NameNode child)
    {
        if (++_count * 2 > _children.Length) Grow();
        Put(child);
    }

    private bool StandsSlowly(byte[] buffer, int at) =>
        buffer[at + _name.Length] == '"' && buffer.AsSpan(at, _name.Length).SequenceEqual(_name);

    private void Grow()
    {
        var old = _children;
        _children = new NameNode?[Math.Max(8, old.Length * 2)];
        foreach (var child in old)
        {
            if (child is not null) Put(child);
        }
    }

    private void Put(NameNode child)
    {
        var mask = _children.Length - 1;
        var i = Hash(child._name) & mask;
        while (_children[i] is not null) i = (i + 1) & mask;
        _children[i] = child;
    }

    // Seeded per process through HashCode, so that names cannot be chosen to collide.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = Seed ^ ((ulong)name.Length * 0x9E37_79B9_7F4A_7C15);
        while (name.Length >= 8)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(name));
            name = name[8..];
        }

        var rest = 0UL;
        foreach (var b in name) rest = (rest << 8) | b;
        hash = Mix(hash ^ rest);
        return (int)(hash >> 33);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xA076_1D64_78BD_642F, out var low);
        return high ^ low;
    }

    // So many bytes of ones from the end of the first half as a name and its quote have.
    private static ReadOnlySpan<byte> Masks =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    private static readonly ulong Seed = ((ulong)(uint)HashCode.Combine(1) << 32) | (uint)HashCode.Combine(2);
}
