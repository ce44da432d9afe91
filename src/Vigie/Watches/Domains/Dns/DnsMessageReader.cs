using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Vigie.Watches.Domains.Dns;

/// <summary>Reads one message. Every read is checked against the end of the octets; the first fault ends the reading.</summary>
internal ref struct DnsMessageReader
{
    private const int HeaderLength = 12;

    // A name of 255 octets has at most 127 labels; an honest writer needs one pointer, a hostile one gets no more than this.
    private const int MaxPointers = 64;

    // Type, class, time to live and data length after the name (RFC 1035 §4.1.3); the shortest name is one octet.
    private const int MinRecordLength = 11;

    private readonly ReadOnlySpan<byte> _octets;
    private int _at;
    private string? _problem;
    private Edns? _edns;
    private ushort _extendedCode;

    public DnsMessageReader(ReadOnlySpan<byte> octets) => _octets = octets;

    public DnsMessage? Read(out string? problem)
    {
        var message = ReadMessage();
        problem = message is null ? _problem ?? "malformed" : null;
        return message;
    }

    private DnsMessage? ReadMessage()
    {
        if (_octets.Length is < HeaderLength or > DnsMessage.MaxLength) return Fail<DnsMessage>("length");

        var flags = UInt16At(2);
        int questions = UInt16At(4), answers = UInt16At(6), authority = UInt16At(8), additional = UInt16At(10);
        _at = HeaderLength;

        // A count that cannot fit is refused before anything is made for it.
        if (questions * 5L + (answers + authority + additional) * (long)MinRecordLength > _octets.Length - HeaderLength)
            return Fail<DnsMessage>("more records counted than fit");

        if (!TryReadQuestions(questions, out var asked)
            || !TryReadRecords(answers, additional: false, out var answerRecords)
            || !TryReadRecords(authority, additional: false, out var authorityRecords)
            || !TryReadRecords(additional, additional: true, out var additionalRecords))
            return null;

        if (_at != _octets.Length) return Fail<DnsMessage>("octets after the last record");

        return new DnsMessage
        {
            Id = UInt16At(0),
            IsResponse = (flags & 0x8000) != 0,
            OpCode = (byte)(flags >> 11 & 0xF),
            Authoritative = (flags & 0x0400) != 0,
            Truncated = (flags & 0x0200) != 0,
            RecursionDesired = (flags & 0x0100) != 0,
            RecursionAvailable = (flags & 0x0080) != 0,
            AuthenticData = (flags & 0x0020) != 0,
            CheckingDisabled = (flags & 0x0010) != 0,
            Code = (ResponseCode)(_extendedCode << 4 | flags & 0xF),
            Questions = asked,
            Answers = answerRecords,
            Authority = authorityRecords,
            Additional = additionalRecords,
            Edns = _edns,
        };
    }

    private bool TryReadQuestions(int count, out ImmutableArray<DnsQuestion> questions)
    {
        questions = [];
        if (count == 0) return true;
        var read = ImmutableArray.CreateBuilder<DnsQuestion>(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryReadName(_octets.Length, out var name) || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class)) return false;
            read.Add(new DnsQuestion(name, (RecordType)type, @class));
        }

        questions = read.MoveToImmutable();
        return true;
    }

    private bool TryReadRecords(int count, bool additional, out ImmutableArray<DnsRecord> records)
    {
        records = [];
        if (count == 0) return true;
        var read = ImmutableArray.CreateBuilder<DnsRecord>(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryReadRecord(additional, out var record)) return false;
            if (record is not null) read.Add(record);
        }

        records = read.DrainToImmutable();
        return true;
    }

    // The OPT record is taken aside: record is then null.
    private bool TryReadRecord(bool additional, out DnsRecord? record)
    {
        record = null;
        if (!TryReadName(_octets.Length, out var name)
            || !TryReadUInt16(out var rawType)
            || !TryReadUInt16(out var @class)
            || !TryReadUInt32(out var ttl)
            || !TryReadUInt16(out var length))
            return false;

        if (length > _octets.Length - _at) return Fail("record data runs past the end");
        var end = _at + length;
        var type = (RecordType)rawType;
        if (type == RecordType.Opt) return TryReadEdns(additional, name, @class, ttl, end);

        var seconds = ttl > int.MaxValue ? 0 : ttl;
        record = @class == DnsRecord.Internet ? ReadData(name, type, seconds, end) : ReadOpaque(name, type, @class, seconds, end);
        if (record is null) return Fail($"{type} record data");
        return _at == end || Fail($"{type} record data has the wrong length");
    }

    private bool TryReadEdns(bool additional, DnsName name, ushort payloadSize, uint flags, int end)
    {
        if (!additional || _edns is not null || !name.IsRoot) return Fail("misplaced OPT record");
        _edns = new Edns(payloadSize, (byte)(flags >> 16), (flags & 0x8000) != 0, [.. _octets[_at..end]]);
        _extendedCode = (ushort)(flags >> 24);
        _at = end;
        return true;
    }

    private DnsRecord? ReadData(DnsName name, RecordType type, uint ttl, int end)
    {
        switch (type)
        {
            case RecordType.A or RecordType.Aaaa:
                if (end - _at != (type == RecordType.A ? 4 : 16)) return null;
                var address = new IPAddress(_octets[_at..end]);
                _at = end;
                return new AddressRecord(name, type, ttl, address);
            case RecordType.Ns:
                return TryReadName(end, out var server) ? new NameServerRecord(name, ttl, server) : null;
            case RecordType.Cname:
                return TryReadName(end, out var target) ? new AliasRecord(name, ttl, target) : null;
            case RecordType.Mx:
                return TryReadUInt16(out var preference) && TryReadName(end, out var exchange)
                    ? new MailExchangeRecord(name, ttl, preference, exchange)
                    : null;
            case RecordType.Soa:
                return ReadStartOfAuthority(name, ttl, end);
            case RecordType.Txt:
                return ReadText(name, ttl, end);
            default:
                return ReadOpaque(name, type, DnsRecord.Internet, ttl, end);
        }
    }

    private StartOfAuthorityRecord? ReadStartOfAuthority(DnsName name, uint ttl, int end) =>
        TryReadName(end, out var primary)
        && TryReadName(end, out var responsible)
        && TryReadUInt32(out var serial)
        && TryReadUInt32(out var refresh)
        && TryReadUInt32(out var retry)
        && TryReadUInt32(out var expire)
        && TryReadUInt32(out var minimum)
            ? new StartOfAuthorityRecord(name, ttl, primary, responsible, serial, refresh, retry, expire, minimum)
            : null;

    private TextRecord? ReadText(DnsName name, uint ttl, int end)
    {
        var strings = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        while (_at < end)
        {
            var length = _octets[_at++];
            if (length > end - _at) return null;
            strings.Add([.. _octets.Slice(_at, length)]);
            _at += length;
        }

        return strings.Count == 0 ? null : new TextRecord(name, ttl, strings.DrainToImmutable());
    }

    private OpaqueRecord ReadOpaque(DnsName name, RecordType type, ushort @class, uint ttl, int end)
    {
        ImmutableArray<byte> data = [.. _octets[_at..end]];
        _at = end;
        return new OpaqueRecord(name, type, @class, ttl, data);
    }

    // RFC 1035 §4.1.4. A pointer must lead before the part of the name it ends, so the parts only ever move towards
    // the start and no loop is possible; length and number of pointers are bounded besides.
    private bool TryReadName(int limit, out DnsName name)
    {
        name = default;
        Span<byte> wire = stackalloc byte[DnsName.MaxWireLength];
        int written = 0, pointers = 0, at = _at, partStart = _at, resume = -1;
        while (true)
        {
            if (at >= limit) return Fail("name runs past its end");
            int length = _octets[at];
            if (length == 0)
            {
                wire[written] = 0;
                _at = resume < 0 ? at + 1 : resume;
                name = written == 0 ? DnsName.Root : DnsName.FromWire(wire);
                return true;
            }

            switch (length & 0xC0)
            {
                case 0x00:
                    if (at + 1 + length > limit) return Fail("label runs past its end");
                    if (written + 1 + length >= DnsName.MaxWireLength) return Fail("name longer than 255 octets");
                    _octets.Slice(at, 1 + length).CopyTo(wire[written..]);
                    written += 1 + length;
                    at += 1 + length;
                    break;
                case 0xC0:
                    if (at + 2 > limit) return Fail("pointer cut off");
                    var target = UInt16At(at) & 0x3FFF;
                    if (target >= partStart || target < HeaderLength) return Fail("pointer does not lead back");
                    if (++pointers > MaxPointers) return Fail("too many pointers");
                    if (resume < 0) resume = at + 2;
                    at = partStart = target;
                    limit = _octets.Length;
                    break;
                default:
                    return Fail("label type");
            }
        }
    }

    private readonly ushort UInt16At(int at) => BinaryPrimitives.ReadUInt16BigEndian(_octets[at..]);

    private bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (_octets.Length - _at < 2) return Fail("cut off");
        value = UInt16At(_at);
        _at += 2;
        return true;
    }

    private bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (_octets.Length - _at < 4) return Fail("cut off");
        value = BinaryPrimitives.ReadUInt32BigEndian(_octets[_at..]);
        _at += 4;
        return true;
    }

    // The first fault is the one worth telling.
    private bool Fail(string problem)
    {
        _problem ??= $"{problem} (octet {_at})";
        return false;
    }

    [return: MaybeNull]
    private T Fail<T>(string problem) where T : class
    {
        Fail(problem);
        return null;
    }
}
