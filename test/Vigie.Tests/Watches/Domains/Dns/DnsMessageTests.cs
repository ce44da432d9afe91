using System.Net;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class DnsMessageTests
{
    // Header: id 0x1234, response, RD, RA, one question, two answers. Question: army.ml MX.
    // First answer's owner is a pointer to the question; its exchange is "mx" and a pointer to it; the second is
    // the same with another preference and a wholly compressed exchange.
    private const string TwoExchanges =
        "1234" + "8180" + "0001" + "0002" + "0000" + "0000"
        + "0461726D79026D6C00" + "000F" + "0001"
        + "C00C" + "000F" + "0001" + "0000012C" + "0007" + "000A" + "026D78" + "C00C"
        + "C00C" + "000F" + "0001" + "0000012C" + "0004" + "0014" + "C027";

    [Fact]
    public void Reads_a_compressed_answer()
    {
        var message = Decode(TwoExchanges);
        Assert.Equal(0x1234, message.Id);
        Assert.True(message is { IsResponse: true, RecursionDesired: true, RecursionAvailable: true, Truncated: false, Code: ResponseCode.NoError });
        Assert.Equal([new DnsQuestion(DnsName.Parse("army.ml"), RecordType.Mx)], message.Questions);
        Assert.Equal(
            [
                new MailExchangeRecord(DnsName.Parse("army.ml"), 300, 10, DnsName.Parse("mx.army.ml")),
                new MailExchangeRecord(DnsName.Parse("army.ml"), 300, 20, DnsName.Parse("mx.army.ml")),
            ],
            message.Answers);
    }

    [Fact]
    public void Writes_exactly_the_octets_of_a_query()
    {
        var query = DnsMessage.Query(0xBEEF, new DnsQuestion(DnsName.Parse("Army.ml"), RecordType.Ns), edns: true);
        Assert.Equal(
            "BEEF" + "0100" + "0001" + "0000" + "0000" + "0001" + "0441726D79026D6C00" + "0002" + "0001" + "00" + "0029" + "04D0" + "00000000" + "0000",
            Convert.ToHexString(query.Encode()));
    }

    [Fact]
    public void Writes_names_compressed()
    {
        var message = Decode(TwoExchanges);
        Assert.Equal(TwoExchanges, Convert.ToHexString(message.Encode()));
    }

    [Fact]
    public void Reads_every_record_type_the_watch_asks_for()
    {
        var name = DnsName.Parse("example.com");
        DnsRecord[] records =
        [
            new AddressRecord(name, RecordType.A, 1, IPAddress.Parse("192.0.2.1")),
            new AddressRecord(name, RecordType.Aaaa, 2, IPAddress.Parse("2001:db8::1")),
            new NameServerRecord(name, 3, DnsName.Parse("ns.example.com")),
            new AliasRecord(DnsName.Parse("www.example.com"), 4, name),
            new MailExchangeRecord(name, 5, 0, DnsName.Root),
            new StartOfAuthorityRecord(name, 6, DnsName.Parse("ns.example.com"), DnsName.Parse(@"host\.master.example.com"), 7, 8, 9, 10, 11),
        ];
        var message = new DnsMessage { Id = 1, IsResponse = true, Answers = [.. records, new TextRecord(name, 12, [[.. "v=spf1 -all"u8], []])] };
        Assert.True(DnsMessage.TryDecode(message.Encode(), out var read, out _));
        Assert.Equal(records, read.Answers[..^1]);
        var text = Assert.IsType<TextRecord>(read.Answers[^1]);
        Assert.Equal(["v=spf1 -all"u8.ToArray(), []], text.Strings.Select(s => s.ToArray()));
    }

    [Theory]
    [InlineData("pointer to itself", "0000818000010000000000" + "00C00C00010001")]
    [InlineData("pointer forward", "000081800001000000000000C00E00010001")]
    [InlineData("pointer into the header", "000081800001000000000000C00200010001")]
    [InlineData("two pointers at each other", "000081800002000000000000C012000100010161C00C00010001")]
    [InlineData("label type 01", "00008180000100000000000041610000010001")]
    [InlineData("label past the end", "0000818000010000000000003F6161")]
    [InlineData("more records counted than fit", "00008180FFFFFFFFFFFFFFFF")]
    [InlineData("cut off in the header", "000081800001")]
    [InlineData("octets after the last record", "00008180000000000000000000")]
    [InlineData("address of five octets", "00008180000000010000000000000100010000000000050102030405")]
    [InlineData("record data past the end", "00008180000000010000000000000100010000000000FF01020304")]
    [InlineData("text string past its record", "000081800000000100000000000010000100000000000205610000")]
    [InlineData("two OPT records", "0000818000000000000000020000290200000000000000" + "0000290200000000000000")]
    public void Refuses(string what, string hex)
    {
        Assert.False(DnsMessage.TryDecode(Convert.FromHexString(hex), out var message, out var problem), what);
        Assert.Null(message);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_chain_of_backward_pointers_is_bounded()
    {
        // Each question's name is one pointer to the question before it: legal steps back, but too many of them.
        var octets = new List<byte>(Convert.FromHexString("00008180" + "0064" + "000000000000" + "0161" + "00" + "00010001"));
        var previous = 12;
        for (var i = 1; i < 100; i++)
        {
            var at = octets.Count;
            octets.AddRange([(byte)(0xC0 | previous >> 8), (byte)previous, 0, 1, 0, 1]);
            previous = at;
        }

        Assert.False(DnsMessage.TryDecode([.. octets], out _, out var problem));
        Assert.Contains("too many pointers", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_cannot_be_grown_past_255_octets_by_pointers()
    {
        // A label of 60 octets before each pointer: every step back adds 61.
        var octets = new List<byte>(Convert.FromHexString("00008180" + "0006" + "000000000000"));
        var previous = -1;
        for (var i = 0; i < 6; i++)
        {
            var at = octets.Count;
            octets.Add(60);
            octets.AddRange(Enumerable.Repeat((byte)'a', 60));
            octets.AddRange(previous < 0 ? [0] : [(byte)(0xC0 | previous >> 8), (byte)previous]);
            octets.AddRange([0, 1, 0, 1]);
            previous = at;
        }

        Assert.False(DnsMessage.TryDecode([.. octets], out _, out var problem));
        Assert.Contains("255", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_message_survives_the_round_trip()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var octets = RandomMessages.Message(new Random(seed)).Encode();
            Assert.True(DnsMessage.TryDecode(octets, out var read, out var problem), $"seed {seed}: {problem}");
            Assert.True(octets.AsSpan().SequenceEqual(read.Encode()), $"seed {seed}");
        }
    }

    [Fact]
    public void Damaged_messages_never_throw_and_what_is_read_writes_and_reads_again()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var octets = Damage(RandomMessages.Message(random).Encode(), random);
            try
            {
                if (!DnsMessage.TryDecode(octets, out var read, out var problem))
                {
                    Assert.NotEmpty(problem);
                    continue;
                }

                Assert.True(DnsMessage.TryDecode(read.Encode(), out _, out problem), $"seed {seed}: {problem}");
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    [Fact]
    public void Random_octets_never_throw()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var octets = new byte[random.Next(200)];
            random.NextBytes(octets);
            // Small counts let the reader get past the header.
            for (var i = 4; i < Math.Min(12, octets.Length); i += 2) octets[i] = 0;
            DnsMessage.TryDecode(octets, out _, out _);
        }
    }

    [Fact]
    public void The_largest_hostile_message_costs_a_bounded_amount_of_memory()
    {
        // As many NS records as fit, every owner and target one pointer to a name of 255 octets.
        var octets = new List<byte>(Convert.FromHexString("0000818000010000" + "00000000"));
        for (var i = 0; i < 3; i++) octets.AddRange([63, .. Enumerable.Repeat((byte)'a', 63)]);
        octets.AddRange([61, .. Enumerable.Repeat((byte)'a', 61), 0, 0, 1, 0, 1]);
        var count = 0;
        for (; octets.Count + 14 <= DnsMessage.MaxLength; count++)
            octets.AddRange([0xC0, 12, 0, 2, 0, 1, 0, 0, 0, 0, 0, 2, 0xC0, 12]);
        octets[6] = (byte)(count >> 8);
        octets[7] = (byte)count;
        var message = octets.ToArray();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(DnsMessage.TryDecode(message, out var read, out _));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(count, read.Answers.Length);
        Assert.InRange(allocated, 0, 32_000_000);
    }

    private static byte[] Damage(byte[] octets, Random random)
    {
        var copy = octets.ToList();
        for (var i = random.Next(1, 5); i > 0 && copy.Count > 0; i--)
        {
            var at = random.Next(copy.Count);
            switch (random.Next(5))
            {
                case 0: copy[at] = (byte)random.Next(256); break;
                case 1: copy[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: copy.RemoveRange(at, copy.Count - at); break;
                case 3: copy.Insert(at, (byte)random.Next(256)); break;
                default: copy[at] = 0xC0; break;
            }
        }

        return [.. copy];
    }

    private static DnsMessage Decode(string hex)
    {
        Assert.True(DnsMessage.TryDecode(Convert.FromHexString(hex), out var message, out var problem), problem);
        return message;
    }
}
