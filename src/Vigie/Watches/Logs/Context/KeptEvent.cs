using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Watches.Logs.Context;

/// <summary>
/// One event that may turn out to stand around a finding. While its batch is read it is a reference to the batch's bytes;
/// only what is left at the batch's end is copied (<see cref="Settle"/>), into memory that is used again.
/// </summary>
internal sealed class KeptEvent
{
    private ReadOnlyMemory<byte> _raw;
    private byte[] _own = [];
    private int _length;
    private EventCopy? _fields;
    private LogOrigin _origin;
    private DateTimeOffset? _time;
    private long _offset;
    private bool _isBinary;
    private bool _isLive;
    private string? _id;

    /// <summary>How many bytes it takes when settled.</summary>
    public int Memory => _own.Length;

    /// <summary>How many bytes of it were left out.</summary>
    public int Cut { get; private set; }

    /// <summary>Its id: the same event of the same content has the same, however often it is read.</summary>
    public string Id => _id ??= Identify();

    /// <summary>Refers to an event.</summary>
    public void Take(EventRecord record, in LogOrigin origin, bool isBinary)
    {
        (_raw, _origin, _time, _offset, _isBinary, _isLive, _id) = (record.RawMemory, origin, record.Time, record.Offset, isBinary, true, null);
        if (isBinary) (_fields ??= new EventCopy()).Take(record);
    }

    /// <summary>Copies what it refers to, because its bytes are about to be overwritten.</summary>
    public void Settle(int maxBytes)
    {
        if (!_isLive) return;
        var bytes = Readable();
        var length = CutAt(bytes, maxBytes);
        // The id is of all bytes, also of those that are not kept; of the others it is worked out when somebody asks.
        if (_isBinary || length < bytes.Length) _ = Id;
        Cut = bytes.Length - length;
        if (_own.Length < length)
        {
            Release();
            _own = ArrayPool<byte>.Shared.Rent(length);
        }

        bytes[..length].CopyTo(_own);
        (_raw, _length, _isLive) = (default, length, false);
    }

    /// <summary>Gives its memory back.</summary>
    public void Release()
    {
        if (_own.Length > 0) ArrayPool<byte>.Shared.Return(_own);
        (_own, _length, _raw, _isLive) = ([], 0, default, false);
    }

    /// <summary>The event as it is stored.</summary>
    public ContextEvent ToEvent(int maxBytes)
    {
        var bytes = _isLive ? Readable() : _own.AsSpan(0, _length);
        var length = _isLive ? CutAt(bytes, maxBytes) : _length;
        var cut = _isLive ? bytes.Length - length : Cut;
        // A NUL would be refused by PostgreSQL.
        var text = Encoding.UTF8.GetString(bytes[..length]).Replace('\0', '\uFFFD');
        return new ContextEvent(Id, _time, $"{_origin.Place}:{FindingId.Part(_offset)}", text, cut);
    }

    // Whole characters only; bytes that are no UTF-8 are cut anywhere.
    private static int CutAt(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        if (bytes.Length <= maxBytes) return bytes.Length;
        var length = maxBytes;
        for (var back = 0; back < 3 && length > 0 && (bytes[length] & 0xC0) == 0x80; back++) length--;
        return length;
    }

    private ReadOnlySpan<byte> Readable()
    {
        if (!_isBinary) return _raw.Span.TrimEnd("\r\n"u8);
        return _fields?.Capture(LogEvidence.MaxFieldValue) is { } captured ? Encoding.UTF8.GetBytes(LogEvidence.Rendered(captured)) : [];
    }

    private string Identify()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{_origin.Content}\n{FindingId.Part(_offset)}\n"));
        hash.AppendData(!_isLive ? _own.AsSpan(0, _length) : _isBinary ? _raw.Span : Readable());
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Base64Url.EncodeToString(digest[..16]);
    }
}
