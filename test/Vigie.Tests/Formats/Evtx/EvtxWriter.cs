using System.Buffers.Binary;
using System.Text;
using Vigie.Engine.Formats.Evtx;

namespace Vigie.Tests.Formats.Evtx;

/// <summary>Writes event logs as Windows does, from templates and values: headers, checksums, chunks, names and templates where they are first used.</summary>
internal sealed class EvtxWriter
{
    private readonly List<byte[]> _chunks = [];
    private ChunkWriter _chunk = new();
    private ulong _records;

    /// <summary>Adds an event of a template; the record gets the next number.</summary>
    public EvtxWriter Add(Template template, params Value[] values) => Add(new DateTime(2025, 3, 4, 5, 6, 7, DateTimeKind.Utc), template, values);

    public EvtxWriter Add(DateTime written, Template template, params Value[] values) => Add(written, c => c.Instance(template, values));

    /// <summary>Adds an event whose elements stand in the record itself, without a template.</summary>
    public EvtxWriter AddElements(Element element) => Add(new DateTime(2025, 3, 4, 5, 6, 7, DateTimeKind.Utc), c => c.Node(element, dependencyIds: true));

    /// <summary>Ends the chunk, so that the next event begins one.</summary>
    public EvtxWriter NextChunk()
    {
        _chunks.Add(_chunk.Finish());
        _chunk = new ChunkWriter();
        return this;
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToFile(uint flags = 0)
    {
        if (_chunk.Count > 0) NextChunk();
        var header = new byte[4096];
        Encoding.ASCII.GetBytes("ElfFile\0").CopyTo(header, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), (ulong)Math.Max(0, _chunks.Count - 1));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), _records + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), 128);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(36), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(38), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(40), 4096);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(42), (ushort)_chunks.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(120), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(124), Crc32.Of(header.AsSpan(0, 120)));
        return [.. header, .. _chunks.SelectMany(c => c)];
    }

    private EvtxWriter Add(DateTime written, Action<ChunkWriter> content)
    {
        var before = _chunk.Mark();
        _chunk.Record(++_records, written, content);
        if (_chunk.Length > EvtxChunk.Size)
        {
            _chunk.Rollback(before);
            NextChunk();
            _chunk.Record(_records, written, content);
        }

        return this;
    }

    /// <summary>One chunk.</summary>
    internal sealed class ChunkWriter
    {
        private readonly List<byte> _bytes = [.. new byte[512]];
        private Dictionary<string, int> _names = [];
        private Dictionary<Template, int> _templates = [];
        private ulong _first;
        private ulong _last;
        private int _lastRecord;

        public int Count { get; private set; }

        public int Length => _bytes.Count;

        public (int, int, Dictionary<string, int>, Dictionary<Template, int>, ulong, int) Mark() => (_bytes.Count, Count, new(_names), new(_templates), _last, _lastRecord);

        public void Rollback((int Length, int Count, Dictionary<string, int> Names, Dictionary<Template, int> Templates, ulong Last, int LastRecord) mark)
        {
            _bytes.RemoveRange(mark.Length, _bytes.Count - mark.Length);
            (Count, _names, _templates, _last, _lastRecord) = (mark.Count, mark.Names, mark.Templates, mark.Last, mark.LastRecord);
        }

        public void Record(ulong id, DateTime written, Action<ChunkWriter> content)
        {
            if (Count++ == 0) _first = id;
            _last = id;
            _lastRecord = _bytes.Count;
            Put([0x2A, 0x2A, 0, 0]);
            UInt32(0);
            UInt64(id);
            UInt64((ulong)written.ToFileTimeUtc());
            FragmentHeader();
            content(this);
            Put([0]);
            while (_bytes.Count % 8 != 4) Put([0]);
            UInt32((uint)(_bytes.Count - _lastRecord + 4));
            Patch32(_lastRecord + 4, (uint)(_bytes.Count - _lastRecord));
        }

        public byte[] Finish()
        {
            var end = _bytes.Count;
            var chunk = new byte[EvtxChunk.Size];
            _bytes.CopyTo(chunk, 0);
            Encoding.ASCII.GetBytes("ElfChnk\0").CopyTo(chunk, 0);
            foreach (var (at, value) in new[] { (8, _first), (16, _last), (24, _first), (32, _last) }) BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(at), value);
            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(40), 128);
            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(44), (uint)_lastRecord);
            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(48), (uint)end);
            Seal(chunk);
            return chunk;
        }

        public void FragmentHeader() => Put([0x0F, 1, 1, 0]);

        public void Instance(Template template, Value[] values)
        {
            Put([0x0C, 1]);
            UInt32(template.Id);
            if (_templates.TryGetValue(template, out var known))
            {
                UInt32((uint)known);
            }
            else
            {
                UInt32((uint)_bytes.Count + 4);
                Definition(template);
            }

            UInt32((uint)values.Length);
            var specs = _bytes.Count;
            foreach (var value in values)
            {
                UInt16(0);
                Put([value.Type, 0]);
            }

            for (var i = 0; i < values.Length; i++)
            {
                var start = _bytes.Count;
                values[i].Write(this);
                BinaryPrimitives.WriteUInt16LittleEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes)[(specs + (i * 4))..], (ushort)(_bytes.Count - start));
            }
        }

        public void Node(Node node, bool dependencyIds)
        {
            switch (node)
            {
                case Element element: Element(element, dependencyIds); break;
                case Text text:
                    Put([0x05, 0x01]);
                    Characters(text.Value);
                    break;
                case Cdata cdata:
                    Put([0x07]);
                    Characters(cdata.Value);
                    break;
                case CharacterReference reference:
                    Put([0x08]);
                    UInt16(reference.Value);
                    break;
                case EntityReference entity:
                    Put([0x09]);
                    Name(entity.Name);
                    break;
                case Substitution substitution:
                    Put([(byte)(substitution.IsOptional ? 0x0E : 0x0D)]);
                    UInt16((ushort)substitution.Index);
                    Put([substitution.Type]);
                    break;
                default: throw new ArgumentException(node.GetType().Name);
            }
        }

        public void Put(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes) _bytes.Add(b);
        }

        private void Element(Element element, bool dependencyIds)
        {
            var attributes = element.Children.OfType<Attr>().ToArray();
            var content = element.Children.Where(c => c is not Attr).ToArray();
            Put([(byte)(attributes.Length > 0 ? 0x41 : 0x01)]);
            if (dependencyIds) UInt16(0xFFFF);
            var size = _bytes.Count;
            UInt32(0);
            Name(element.Name);
            if (attributes.Length > 0) Attributes(attributes, dependencyIds);
            if (content.Length == 0)
            {
                Put([0x03]);
            }
            else
            {
                Put([0x02]);
                foreach (var child in content) Node(child, dependencyIds);
                Put([0x04]);
            }

            Patch32(size, (uint)(_bytes.Count - size - 4));
        }

        private void Attributes(Attr[] attributes, bool dependencyIds)
        {
            var size = _bytes.Count;
            UInt32(0);
            for (var i = 0; i < attributes.Length; i++)
            {
                Put([(byte)(i < attributes.Length - 1 ? 0x46 : 0x06)]);
                Name(attributes[i].Name);
                foreach (var piece in attributes[i].Value) Node(piece, dependencyIds);
            }

            Patch32(size, (uint)(_bytes.Count - size - 4));
        }

        private void Definition(Template template)
        {
            _templates[template] = _bytes.Count;
            UInt32(0);
            UInt32(template.Id);
            Put(new byte[12]);
            var size = _bytes.Count;
            UInt32(0);
            FragmentHeader();
            Node(template.Root, dependencyIds: true);
            Put([0]);
            Patch32(size, (uint)(_bytes.Count - size - 4));
        }

        private void Name(string name)
        {
            if (_names.TryGetValue(name, out var known))
            {
                UInt32((uint)known);
                return;
            }

            UInt32((uint)_bytes.Count + 4);
            _names.Add(name, _bytes.Count);
            UInt32(0);
            UInt16(0);
            Characters(name);
            UInt16(0);
        }

        private void Characters(string text)
        {
            UInt16((ushort)text.Length);
            Put(Encoding.Unicode.GetBytes(text));
        }

        private void UInt16(ushort value)
        {
            Span<byte> bytes = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            Put(bytes);
        }

        private void UInt32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            Put(bytes);
        }

        private void UInt64(ulong value)
        {
            UInt32((uint)value);
            UInt32((uint)(value >> 32));
        }

        private void Patch32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes)[at..], value);
    }

    /// <summary>Writes the checksums of a chunk anew, after a test changed it.</summary>
    public static void Seal(Span<byte> chunk)
    {
        var end = (int)BinaryPrimitives.ReadUInt32LittleEndian(chunk[48..]);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[52..], Crc32.Of(chunk[512..end]));
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[124..], Crc32.Of(chunk[..120], chunk[128..512]));
    }

    /// <summary>A piece of a template.</summary>
    internal abstract record Node;

    internal sealed record Element(string Name, params Node[] Children) : Node;

    internal sealed record Attr(string Name, params Node[] Value) : Node;

    internal sealed record Text(string Value) : Node;

    internal sealed record Cdata(string Value) : Node;

    internal sealed record CharacterReference(char Value) : Node;

    internal sealed record EntityReference(string Name) : Node;

    internal sealed record Substitution(int Index, byte Type, bool IsOptional = false) : Node;

    /// <summary>A template; written once into every chunk that uses it.</summary>
    internal sealed record Template(uint Id, Element Root);

    /// <summary>A substitution value.</summary>
    internal sealed class Value
    {
        private readonly Action<ChunkWriter> _write;

        private Value(byte type, Action<ChunkWriter> write) => (Type, _write) = (type, write);

        public byte Type { get; }

        public static Value Null { get; } = Of(BinXmlType.Null, []);

        public static Value Of(byte type, byte[] bytes) => new(type, chunk => chunk.Put(bytes));

        public static Value String(string text) => Of(BinXmlType.String, Encoding.Unicode.GetBytes(text));

        public static Value Strings(params string[] texts) => Of(BinXmlType.String | BinXmlType.Array, Encoding.Unicode.GetBytes(string.Concat(texts.Select(t => t + '\0'))));

        public static Value UInt8(byte value) => Of(BinXmlType.UInt8, [value]);

        public static Value UInt16(ushort value) => Of(BinXmlType.UInt16, BitConverter.GetBytes(value));

        public static Value UInt32(uint value) => Of(BinXmlType.UInt32, BitConverter.GetBytes(value));

        public static Value UInt64(ulong value) => Of(BinXmlType.UInt64, BitConverter.GetBytes(value));

        public static Value Hex64(ulong value) => Of(BinXmlType.HexInt64, BitConverter.GetBytes(value));

        public static Value Time(DateTime value) => Of(BinXmlType.FileTime, BitConverter.GetBytes(value.ToFileTimeUtc()));

        /// <summary>XML of a template within the value.</summary>
        public static Value Xml(Template template, params Value[] values) => new(BinXmlType.BinXml, chunk =>
        {
            chunk.FragmentHeader();
            chunk.Instance(template, values);
        });

        /// <summary>Elements within the value, without a template.</summary>
        public static Value Elements(Element element) => new(BinXmlType.BinXml, chunk =>
        {
            chunk.FragmentHeader();
            chunk.Node(element, dependencyIds: false);
            chunk.Put([0]);
        });

        public void Write(ChunkWriter chunk) => _write(chunk);
    }
}
