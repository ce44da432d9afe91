using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Vigie.Watches.Domains.Dns;

/// <summary>A DNS message (RFC 1035 §4), a question or an answer.</summary>
internal sealed record DnsMessage
{
    /// <summary>Octets of the largest message there can be: TCP carries a 16-bit length (RFC 1035 §4.2.2).</summary>
    public const int MaxLength = 65_535;

    public required ushort Id { get; init; }

    public bool IsResponse { get; init; }

    /// <summary>0 is a standard query.</summary>
    public byte OpCode { get; init; }

    public bool Authoritative { get; init; }

    /// <summary>The answer did not fit; ask again over TCP.</summary>
    public bool Truncated { get; init; }

    public bool RecursionDesired { get; init; }

    public bool RecursionAvailable { get; init; }

    public bool AuthenticData { get; init; }

    public bool CheckingDisabled { get; init; }

    /// <summary>The code, with the upper eight bits that EDNS adds where the message has them.</summary>
    public ResponseCode Code { get; init; }

    public ImmutableArray<DnsQuestion> Questions { get; init; } = [];

    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    public ImmutableArray<DnsRecord> Authority { get; init; } = [];

    /// <summary>The additional records, without the OPT record, which is <see cref="Edns"/>.</summary>
    public ImmutableArray<DnsRecord> Additional { get; init; } = [];

    public Edns? Edns { get; init; }

    /// <summary>The question a stub asks of a recursive resolver.</summary>
    public static DnsMessage Query(ushort id, DnsQuestion question, bool edns) => new()
    {
        Id = id,
        RecursionDesired = true,
        Questions = [question],
        Edns = edns ? new Edns(Edns.SafePayloadSize, 0, DnssecOk: false, []) : null,
    };

    /// <summary>The message's octets, names compressed.</summary>
    /// <exception cref="InvalidOperationException">It would be longer than <see cref="MaxLength"/>.</exception>
    public byte[] Encode() => new DnsMessageWriter().Write(this);

    /// <summary>Reads a message from anyone. Never throws; memory is bounded by a small multiple of the message's length.</summary>
    /// <param name="octets">The whole message; octets left over make it malformed.</param>
    /// <param name="message">The message.</param>
    /// <param name="problem">What is wrong with it, where false is returned.</param>
    public static bool TryDecode(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out DnsMessage? message, [NotNullWhen(false)] out string? problem)
    {
        var reader = new DnsMessageReader(octets);
        message = reader.Read(out problem);
        return message is not null;
    }
}
