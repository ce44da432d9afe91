using System.Buffers.Binary;

namespace Vigie.Watches.Domains.Dns;

/// <summary>Writes one message, with the names compressed that RFC 1035 §4.1.4 and RFC 3597 §4 allow to be.</summary>
internal sealed class DnsMessageWriter
{
    private const int HeaderLength = 12;
    private const int MaxPointerTarget = 0x3FFF;

    private readonly Dictionary<DnsName, int> _suffixes = [];
    private byte[] _buffer = new byte[512];
    private int _at;

    public byte[] Write(DnsMessage message)
    {
        _at = HeaderLength;
        foreach (var question in message.Questions)
        {
            WriteName(question.Name);
            WriteUInt16((ushort)question.Type);
            WriteUInt16(question.Class);
        }

        foreach (var record in message.Answers) WriteRecord(record);
        foreach (var record in message.Authority) WriteRecord(record);
        foreach (var record in message.Additional) WriteRecord(record);
        if (message.Edns is { } edns) WriteEdns(edns, message.Code);
        if (_at > DnsMessage.MaxLength) throw new InvalidOperationException($"the message has {_at} octets, more than {DnsMessage.MaxLength}");
        WriteHeader(message);
        return _buffer[.._at];
    }

    private void WriteHeader(DnsMessage message)
    {
        var flags = (message.IsResponse ? 0x8000 : 0)
            | (message.OpCode & 0xF) << 11
            | (message.Authoritative ? 0x0400 : 0)
            | (message.Truncated ? 0x0200 : 0)
            | (message.RecursionDesired ? 0x0100 : 0)
            | (message.RecursionAvailable ? 0x0080 : 0)
            | (message.AuthenticData ? 0x0020 : 0)
            | (message.CheckingDisabled ? 0x0010 : 0)
            | (int)message.Code & 0xF;
        var header = _buffer.AsSpan(0, HeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(header, message.Id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], checked((ushort)message.Questions.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], checked((ushort)message.Answers.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], checked((ushort)message.Authority.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], checked((ushort)(message.Additional.Length + (message.Edns is null ? 0 : 1))));
    }

    private void WriteRecord(DnsRecord record)
    {
        WriteName(record.Name);
        WriteUInt16((ushort)record.Type);
        WriteUInt16(record is OpaqueRecord { Class: var @class } ? @class : DnsRecord.Internet);
        WriteUInt32(record.TimeToLive);
        var lengthAt = _at;
        WriteUInt16(0);
        WriteData(record);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(lengthAt), checked((ushort)(_at - lengthAt - 2)));
    }

    private void WriteData(DnsRecord record)
    {
        switch (record)
        {
            case AddressRecord address:
                WriteOctets(address.Address.GetAddressBytes());
                break;
            case NameServerRecord ns:
                WriteName(ns.Server);
                break;
            case AliasRecord alias:
                WriteName(alias.Target);
                break;
            case MailExchangeRecord mx:
                WriteUInt16(mx.Preference);
                WriteName(mx.Exchange);
                break;
            case StartOfAuthorityRecord soa:
                WriteName(soa.PrimaryServer);
                WriteName(soa.Responsible);
                WriteUInt32(soa.Serial);
                WriteUInt32(soa.Refresh);
                WriteUInt32(soa.Retry);
                WriteUInt32(soa.Expire);
                WriteUInt32(soa.Minimum);
                break;
            case TextRecord text:
                foreach (var part in text.Strings)
                {
                    WriteOctets([checked((byte)part.Length)]);
                    WriteOctets(part.AsSpan());
                }

                break;
            case OpaqueRecord opaque:
                WriteOctets(opaque.Data.AsSpan());
                break;
            default:
                throw new InvalidOperationException($"no way to write a {record.GetType().Name}");
        }
    }

    private void WriteEdns(Edns edns, ResponseCode code)
    {
        WriteOctets([0]);
        WriteUInt16((ushort)RecordType.Opt);
        WriteUInt16(edns.PayloadSize);
        WriteUInt32((uint)((int)code >> 4) << 24 | (uint)edns.Version << 16 | (edns.DnssecOk ? 0x8000u : 0));
        WriteUInt16(checked((ushort)edns.Options.Length));
        WriteOctets(edns.Options.AsSpan());
    }

    private void WriteName(DnsName name)
    {
        Span<byte> wire = stackalloc byte[DnsName.MaxWireLength];
        var length = name.Encode(wire);
        wire = wire[..length];
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            var suffix = DnsName.FromWire(wire[at..]);
            // The question's case must survive, so only suffixes that agree in case are shared.
            if (_suffixes.TryGetValue(suffix, out var target) && SameCase(target, wire[at..]))
            {
                WriteUInt16((ushort)(0xC000 | target));
                return;
            }

            if (_at <= MaxPointerTarget) _suffixes.TryAdd(suffix, _at);
            WriteOctets(wire.Slice(at, wire[at] + 1));
        }

        WriteOctets([0]);
    }

    private bool SameCase(int target, ReadOnlySpan<byte> wire)
    {
        var at = target;
        var offset = 0;
        while (true)
        {
            if ((_buffer[at] & 0xC0) == 0xC0)
            {
                at = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(at)) & MaxPointerTarget;
                continue;
            }

            var label = _buffer.AsSpan(at, _buffer[at] + 1);
            if (!label.SequenceEqual(wire.Slice(offset, label.Length))) return false;
            if (label.Length == 1) return true;
            at += label.Length;
            offset += label.Length;
        }
    }

    private void WriteUInt16(ushort value)
    {
        Span<byte> octets = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        WriteOctets(octets);
    }

    private void WriteUInt32(uint value)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        WriteOctets(octets);
    }

    private void WriteOctets(ReadOnlySpan<byte> octets)
    {
        if (_at + octets.Length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _at + octets.Length));
        octets.CopyTo(_buffer.AsSpan(_at));
        _at += octets.Length;
    }
}
