using System.Collections.Immutable;
using System.Net;

namespace Vigie.Watches.Domains.Dns;

/// <summary>The record types the watch reads (RFC 1035 §3.2.2, RFC 3596); any other value travels as it is.</summary>
internal enum RecordType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Opt = 41,
}

/// <summary>What a server says of a question (RFC 1035 §4.1.1, RFC 6891 §9).</summary>
internal enum ResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}

/// <summary>One resource record.</summary>
/// <param name="Name">Whom it is about.</param>
/// <param name="Type">Its type.</param>
/// <param name="TimeToLive">Seconds; a value with the top bit set reads as 0 (RFC 2181 §8).</param>
internal abstract record DnsRecord(DnsName Name, RecordType Type, uint TimeToLive)
{
    /// <summary>The class Internet, the only one the client asks for.</summary>
    public const ushort Internet = 1;
}

/// <summary>A or AAAA: an address.</summary>
internal sealed record AddressRecord(DnsName Name, RecordType Type, uint TimeToLive, IPAddress Address) : DnsRecord(Name, Type, TimeToLive);

/// <summary>NS: who answers for the zone.</summary>
internal sealed record NameServerRecord(DnsName Name, uint TimeToLive, DnsName Server) : DnsRecord(Name, RecordType.Ns, TimeToLive);

/// <summary>CNAME: the name is an alias.</summary>
internal sealed record AliasRecord(DnsName Name, uint TimeToLive, DnsName Target) : DnsRecord(Name, RecordType.Cname, TimeToLive);

/// <summary>MX: who takes the domain's mail; the root as exchange with preference 0 means nobody (RFC 7505).</summary>
internal sealed record MailExchangeRecord(DnsName Name, uint TimeToLive, ushort Preference, DnsName Exchange) : DnsRecord(Name, RecordType.Mx, TimeToLive);

/// <summary>SOA: the start of a zone; its <paramref name="Minimum"/> bounds how long a negative answer is good (RFC 2308 §5).</summary>
internal sealed record StartOfAuthorityRecord(
    DnsName Name,
    uint TimeToLive,
    DnsName PrimaryServer,
    DnsName Responsible,
    uint Serial,
    uint Refresh,
    uint Retry,
    uint Expire,
    uint Minimum) : DnsRecord(Name, RecordType.Soa, TimeToLive);

/// <summary>TXT: one or more strings of at most 255 octets, kept as octets.</summary>
internal sealed record TextRecord(DnsName Name, uint TimeToLive, ImmutableArray<ImmutableArray<byte>> Strings) : DnsRecord(Name, RecordType.Txt, TimeToLive);

/// <summary>A record of a type or class the client does not read; its data is kept as octets (RFC 3597).</summary>
internal sealed record OpaqueRecord(DnsName Name, RecordType Type, ushort Class, uint TimeToLive, ImmutableArray<byte> Data) : DnsRecord(Name, Type, TimeToLive);

/// <summary>The OPT pseudo-record of EDNS (RFC 6891 §6.1).</summary>
/// <param name="PayloadSize">Octets of the largest UDP message its sender takes.</param>
/// <param name="Version">0 is the only version there is.</param>
/// <param name="DnssecOk">Whether the asker wants signatures.</param>
/// <param name="Options">The options, as they lie on the wire.</param>
internal sealed record Edns(ushort PayloadSize, byte Version, bool DnssecOk, ImmutableArray<byte> Options)
{
    /// <summary>The size that passes every path without fragments (DNS flag day 2020).</summary>
    public const ushort SafePayloadSize = 1232;
}

/// <summary>What is asked.</summary>
internal readonly record struct DnsQuestion(DnsName Name, RecordType Type, ushort Class = DnsRecord.Internet);
