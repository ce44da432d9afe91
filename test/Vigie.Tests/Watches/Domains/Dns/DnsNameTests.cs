using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("army.ml", "army.ml")]
    [InlineData("ARMY.ml.", "ARMY.ml")]
    [InlineData(".", ".")]
    [InlineData(@"a\.b.c", @"a\.b.c")]
    [InlineData(@"\065.x", "A.x")]
    [InlineData(@"\000\255.x", @"\000\255.x")]
    [InlineData("*.example.com", "*.example.com")]
    public void Reads_presentation_form_and_writes_it_canonically(string text, string expected)
    {
        Assert.True(DnsName.TryParse(text, out var name));
        Assert.Equal(expected, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a b.c")]
    [InlineData("é.fr")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256.b")]
    public void Refuses_what_is_no_name(string? text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void A_label_has_at_most_63_octets()
    {
        Assert.True(DnsName.TryParse(new string('a', 63) + ".ml", out _));
        Assert.False(DnsName.TryParse(new string('a', 64) + ".ml", out _));
    }

    [Fact]
    public void A_name_has_at_most_255_octets_on_the_wire()
    {
        // Three labels of 63 and one of 61 make 3 × 64 + 62 + 1 = 255.
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        Assert.True(DnsName.TryParse(longest, out var name));
        var wire = new byte[DnsName.MaxWireLength];
        Assert.Equal(255, name.Encode(wire));
        Assert.False(DnsName.TryParse(longest + "d", out _));
        Assert.False(DnsName.TryParse(longest + ".d", out _));
    }

    [Fact]
    public void Names_that_differ_in_ascii_case_are_equal()
    {
        var lower = DnsName.Parse("army.ml");
        var upper = DnsName.Parse("aRMy.ML");
        Assert.Equal(lower, upper);
        Assert.Equal(lower.GetHashCode(), upper.GetHashCode());
        Assert.False(lower.EqualsInCase(upper));
    }

    [Fact]
    public void Any_octets_survive_the_round_trip()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var wire = RandomMessages.NameWire(random);
            var name = DnsName.FromWire(wire);
            Assert.True(DnsName.TryParse(name.ToString(), out var again), $"seed {seed}: {name}");
            var encoded = new byte[DnsName.MaxWireLength];
            var length = again.Encode(encoded);
            Assert.True(wire.AsSpan().SequenceEqual(encoded.AsSpan(0, length)), $"seed {seed}: {name}");
        }
    }

    [Fact]
    public void Parsing_arbitrary_text_never_throws_and_what_it_accepts_encodes()
    {
        var wire = new byte[DnsName.MaxWireLength];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var text = string.Create(random.Next(300), random, static (span, r) =>
            {
                const string alphabet = "aB.\\.0129é \t*-_\0";
                foreach (ref var c in span) c = alphabet[r.Next(alphabet.Length)];
            });
            if (DnsName.TryParse(text, out var name)) Assert.InRange(name.Encode(wire), 1, 255);
        }
    }
}
