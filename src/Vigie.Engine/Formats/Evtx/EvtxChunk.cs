using System.Buffers.Binary;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>
/// What is known of the chunk that is being read: where it lies and the programs of its templates. A chunk is a world of
/// its own; nothing in it refers to another one.
/// </summary>
internal sealed class EvtxChunk(EventNames names)
{
    /// <summary>Bytes of a chunk.</summary>
    public const int Size = 65_536;

    /// <summary>Bytes of a template definition before its fragment: next, GUID, size.</summary>
    public const int DefinitionHeader = 24;

    // All templates of a chunk are shorter than the chunk; damaged or made-up ones may overlap and are cut off here.
    private const int MostCompiledBytes = 16 * Size;

    private readonly BinXmlCompiler _compiler = new(names);
    private readonly Dictionary<int, int> _programsAt = [];
    private readonly List<BinXmlProgram> _programs = [];
    private int _used;
    private int _compiledBytes;

    public void Reset()
    {
        _compiler.Reset();
        _programsAt.Clear();
        _used = 0;
        _compiledBytes = 0;
    }

    /// <summary>The program of the template whose definition is at <paramref name="offset"/>, or null when there can be none.</summary>
    /// <param name="chunk">The chunk's bytes.</param>
    /// <param name="offset">Where the record says the definition is.</param>
    /// <param name="id">The template it wants: the beginning of the definition's GUID.</param>
    /// <param name="section">What its elements are the content of.</param>
    /// <param name="isRight">Whether it is the one; otherwise it is one, and a bit of the id may have flipped.</param>
    public BinXmlProgram? Template(ReadOnlySpan<byte> chunk, int offset, uint id, EventSection section, out bool isRight)
    {
        isRight = false;
        if (offset < 0 || offset > chunk.Length - DefinitionHeader) return null;
        isRight = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(offset + 4)..]) == id;
        if (!isRight && !chunk[(offset + DefinitionHeader)..].StartsWith(BinXmlToken.Header)) return null;
        if (Find(offset, section, out var key) is { } known) return known;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(offset + DefinitionHeader - 4)..]);
        var end = (int)Math.Min(offset + DefinitionHeader + (long)size, chunk.Length);
        return Compile(chunk, key, offset + DefinitionHeader, end, section, hasDependencyIds: true);
    }

    /// <summary>The program of elements that are there without a template.</summary>
    /// <param name="chunk">The chunk's bytes.</param>
    /// <param name="position">Where they begin.</param>
    /// <param name="end">Where the bytes of their record or value end.</param>
    /// <param name="section">What they are the content of.</param>
    /// <param name="isValue">Whether they are a value in another fragment.</param>
    public BinXmlProgram? Elements(ReadOnlySpan<byte> chunk, int position, int end, EventSection section, bool isValue)
    {
        if (Find(position, section, out var key) is { } known) return known;
        var program = Compile(chunk, key, position, end, section, hasDependencyIds: !isValue);

        // Some providers write the ids where none belong.
        if (program is { IsWhole: false } && isValue) _compiler.Compile(chunk, position, end, section, hasDependencyIds: true, program);
        return program;
    }

    private BinXmlProgram? Find(int offset, EventSection section, out int key)
    {
        key = (offset << 3) | (int)section;
        return _programsAt.TryGetValue(key, out var index) ? _programs[index] : null;
    }

    private BinXmlProgram? Compile(ReadOnlySpan<byte> chunk, int key, int position, int end, EventSection section, bool hasDependencyIds)
    {
        if (_compiledBytes > MostCompiledBytes) return null;
        if (_used == _programs.Count) _programs.Add(new BinXmlProgram());
        var program = _programs[_used];
        _compiler.Compile(chunk, position, end, section, hasDependencyIds, program);
        _compiledBytes += program.End - position + 1;
        _programsAt.Add(key, _used++);
        return program;
    }
}
