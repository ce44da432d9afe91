using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Json;

namespace Vigie.Tests.Formats.Json;

/// <summary>Feeds a reader as a source does: pieces arrive, what was consumed is dropped, what is left is kept.</summary>
internal sealed class JsonFeed(FieldCatalog catalog, LogReaderOptions? options = null)
{
    private readonly JsonReader _reader = new(options ?? new LogReaderOptions());
    private readonly EventRecord _record = new(catalog);
    private byte[] _buffer = new byte[16];
    private int _used;
    private long _offset;

    public List<CapturedEvent> Events { get; } = [];

    public List<long> Offsets { get; } = [];

    public List<string> Raw { get; } = [];

    public List<LogDiagnostic> Diagnostics { get; } = [];

    public int Calls { get; private set; }

    public int Buffered => _used;

    public static JsonFeed Read(string text, FieldCatalog? catalog = null, LogReaderOptions? options = null) =>
        Read(Encoding.UTF8.GetBytes(text), int.MaxValue, catalog, options);

    public static JsonFeed Read(byte[] bytes, int piece, FieldCatalog? catalog = null, LogReaderOptions? options = null)
    {
        var feed = new JsonFeed(catalog ?? FieldCatalog.Empty, options);
        for (var at = 0; at < bytes.Length; at += Math.Min(piece, bytes.Length - at))
            feed.Append(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
        feed.Finish();
        return feed;
    }

    /// <summary>Fields of the only event.</summary>
    public static CapturedEvent One(string text, FieldCatalog? catalog = null, LogReaderOptions? options = null)
    {
        var feed = Read(text, catalog, options);
        Assert.Empty(feed.Diagnostics);
        return Assert.Single(feed.Events);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length < _used + bytes.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
        Drain(isFinal: false);
    }

    public void Finish() => Drain(isFinal: true);

    private void Drain(bool isFinal)
    {
        var start = 0;
        while (true)
        {
            var window = new LogWindow(_buffer, start, _used, _offset + start, isFinal);
            var result = _reader.Read(window, _record);
            Calls++;
            Assert.InRange(result.Consumed, 0, _used - start);
            if (result.Diagnostic is { } diagnostic) Diagnostics.Add(diagnostic);
            if (result.Status == ReadStatus.Event)
            {
                Events.Add(_record.Capture());
                Offsets.Add(_record.Offset);
                Raw.Add(Encoding.UTF8.GetString(_record.Raw));
            }

            if (result.Status == ReadStatus.NeedMore) break;
            Assert.True(result.Consumed > 0, "no progress");
            start += result.Consumed;
        }

        _offset += start;
        _used -= start;
        _buffer.AsSpan(start, _used).CopyTo(_buffer);
        // What lies behind the window must not matter.
        _buffer.AsSpan(_used).Fill((byte)'"');
    }
}
