using System.Collections.Immutable;
using System.Net;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

/// <summary>Well-formed messages of any shape, from a seed.</summary>
internal static class RandomMessages
{
    public static DnsMessage Message(Random random)
    {
        // A small pool of names, so that compression has something to do.
        var names = Enumerable.Range(0, 5).Select(_ => DnsName.FromWire(NameWire(random))).ToArray();
        DnsName Name() => random.Next(4) == 0 ? DnsName.FromWire(NameWire(random)) : names[random.Next(names.Length)];
        ImmutableArray<DnsRecord> Records(int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => Record(random, Name))];
        return new DnsMessage
        {
            Id = (ushort)random.Next(0x10000),
            IsResponse = random.Next(2) == 0,
            OpCode = (byte)random.Next(16),
            Authoritative = random.Next(2) == 0,
            Truncated = random.Next(2) == 0,
            RecursionDesired = random.Next(2) == 0,
            RecursionAvailable = random.Next(2) == 0,
            AuthenticData = random.Next(2) == 0,
            CheckingDisabled = random.Next(2) == 0,
            Code = (ResponseCode)random.Next(16),
            Questions = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new DnsQuestion(Name(), (RecordType)random.Next(300), (ushort)random.Next(1, 256)))],
            Answers = Records(8),
            Authority = Records(4),
            Additional = Records(4),
            Edns = random.Next(2) == 0 ? new Edns((ushort)random.Next(512, 4096), 0, random.Next(2) == 0, Octets(random, 20)) : null,
        };
    }

    /// <summary>The octets of a valid uncompressed name; labels hold any octet.</summary>
    public static byte[] NameWire(Random random)
    {
        var wire = new List<byte>();
        var labels = random.Next(5);
        for (var i = 0; i < labels; i++)
        {
            var length = random.Next(1, random.Next(8) == 0 ? 64 : 12);
            if (wire.Count + length + 2 > DnsName.MaxWireLength) break;
            wire.Add((byte)length);
            for (var j = 0; j < length; j++) wire.Add(random.Next(4) == 0 ? (byte)random.Next(256) : (byte)random.Next('a', 'z' + 1));
        }

        wire.Add(0);
        return [.. wire];
    }

    private static DnsRecord Record(Random random, Func<DnsName> name)
    {
        var ttl = (uint)random.Next();
        return random.Next(8) switch
        {
            0 => new AddressRecord(name(), RecordType.A, ttl, new IPAddress([.. Octets(random, 4, 4)])),
            1 => new AddressRecord(name(), RecordType.Aaaa, ttl, new IPAddress([.. Octets(random, 16, 16)])),
            2 => new NameServerRecord(name(), ttl, name()),
            3 => new AliasRecord(name(), ttl, name()),
            4 => new MailExchangeRecord(name(), ttl, (ushort)random.Next(0x10000), name()),
            5 => new StartOfAuthorityRecord(name(), ttl, name(), name(), (uint)random.Next(), 1, 2, 3, (uint)random.Next()),
            6 => new TextRecord(name(), ttl, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Octets(random, 255))]),
            _ => new OpaqueRecord(name(), (RecordType)random.Next(100, 300), (ushort)(random.Next(2) == 0 ? 1 : 3), ttl, Octets(random, 40)),
        };
    }

    private static ImmutableArray<byte> Octets(Random random, int most, int least = 0)
    {
        var octets = new byte[random.Next(least, most + 1)];
        random.NextBytes(octets);
        return [.. octets];
    }
}
