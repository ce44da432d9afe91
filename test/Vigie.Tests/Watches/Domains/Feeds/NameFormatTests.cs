using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Tests.Watches.Domains.Feeds;

public sealed class NameFormatTests
{
    [Theory]
    [InlineData("army.ml", "army.ml")]
    [InlineData("  army.ml \r", "army.ml")]
    [InlineData("*.army.ml", "army.ml")]
    [InlineData("army.ml # seen today", "army.ml")]
    [InlineData("# comment", "")]
    [InlineData("", "")]
    public void A_list_has_a_name_a_line(string line, string expected) => Assert.Equal(expected, Read(FeedFormat.List, line));

    [Fact]
    public void A_line_with_more_than_a_name_is_malformed() => Assert.NotNull(ReadNames(FeedFormat.List, "0.0.0.0 army.ml").Problem);

    [Theory]
    [InlineData("rank,domain", "1,army.ml", "domain", "army.ml")]
    [InlineData("rank;domain", "1;army.ml", "Domain", "army.ml")]
    [InlineData("rank\tdomain", "1\tarmy.ml", "2", "army.ml")]
    [InlineData("domain,note", "\"army.ml\",\"a, \"\"b\"\"\"", "1", "army.ml")]
    [InlineData("note,domain", "\"a, \"\"b\"\"\",army.ml", "domain", "army.ml")]
    public void A_column_is_found_by_heading_or_number(string heading, string line, string column, string expected)
    {
        var format = NameFormat.Of(Feed(FeedFormat.Csv) with { Column = column });
        format.Begin(Encoding.UTF8.GetBytes(heading));
        var names = new LineNames();
        format.Read(Encoding.UTF8.GetBytes(heading), isFirst: true, names);
        Assert.Empty(names.Names);
        Assert.Null(names.Problem);
        format.Read(Encoding.UTF8.GetBytes(line), isFirst: false, names);
        Assert.Equal([expected], names.Names);
    }

    [Theory]
    [InlineData("\"army.ml", "1")]
    [InlineData("\"army\"x,2", "1")]
    [InlineData("army.ml", "3")]
    [InlineData("army.ml,x", "absent")]
    public void Quotes_that_do_not_close_and_columns_that_are_not_there_are_malformed(string line, string column)
    {
        var format = NameFormat.Of(Feed(FeedFormat.Csv) with { Column = column });
        format.Begin("a,b,c"u8);
        var names = new LineNames();
        format.Read(Encoding.UTF8.GetBytes(line), isFirst: false, names);
        Assert.NotNull(names.Problem);
        Assert.Empty(names.Names);
    }

    [Fact]
    public void Without_a_heading_the_first_line_is_a_record() => Assert.Equal("army.ml", Read(FeedFormat.Csv, "army.ml,2", isFirst: true));

    [Theory]
    [InlineData("""{"message_type":"certificate_update","data":{"update_type":"X509LogEntry","leaf_cert":{"subject":{"CN":"x.com"},"all_domains":["*.army.ml","www.army.ml"],"extensions":{}},"chain":[{"subject":{"CN":"R3"}}],"seen":1700000000.5}}""", "army.ml www.army.ml")]
    [InlineData("""{"data":["army.ml","navy.ml"],"message_type":"dns_entries"}""", "army.ml navy.ml")]
    [InlineData("""{"issuer_ca_id":1,"common_name":"army.ml","name_value":"army.ml\nwww.army.ml\nadmin@army.ml\nSome Person","entry_timestamp":"2026-01-02T03:04:05"}""", "army.ml army.ml www.army.ml")]
    [InlineData("""[{"name_value":"a.ml"},{"name_value":"b.ml"}]""", "a.ml b.ml")]
    [InlineData("""{"dns_names":["a.ml"]}""", "a.ml")]
    [InlineData("""{"message_type":"heartbeat","timestamp":1}""", "")]
    public void Certificate_transparency_is_read_in_its_shapes(string line, string expected) => Assert.Equal(expected, Read(FeedFormat.Ct, line));

    [Fact]
    public void The_time_of_the_entry_is_taken_where_it_is_given()
    {
        Assert.Equal(1_700_000_000_500, ReadNames(FeedFormat.Ct, """{"data":{"leaf_cert":{"all_domains":["a.ml"]},"seen":1700000000.5}}""").Time!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ReadNames(FeedFormat.Ct, """{"name_value":"a.ml","entry_timestamp":"2026-01-02T03:04:05"}""").Time);
    }

    [Theory]
    [InlineData("""{"data":{"leaf_cert":{"all_domains":["a.ml"]}}""")]
    [InlineData("{")]
    [InlineData("{\"name_value\":\"\\ud800\"}")]
    [InlineData("""{"something":"else"}""")]
    [InlineData("""{"leaf_input":"!!!"}""")]
    [InlineData("""{"leaf_input":"AAAA"}""")]
    [InlineData("""["a.ml"]""")]
    public void What_is_no_certificate_is_malformed(string line) => Assert.NotNull(ReadNames(FeedFormat.Ct, line).Problem);

    [Fact]
    public void Depth_is_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"data\":", 10_000)) + "1" + new string('}', 10_000);
        Assert.Contains("not JSON", ReadNames(FeedFormat.Ct, deep).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_taken_out_of_log_entries_and_precertificates()
    {
        var certificate = Certificate("army.ml", "*.army.ml");
        Assert.Equal("army.ml army.ml", Read(FeedFormat.Ct, $$"""{"leaf_input":"{{Leaf(certificate, type: 0)}}","extra_data":""}"""));
        Assert.Equal("army.ml army.ml", Read(FeedFormat.Ct, $$"""{"entries":[{"leaf_input":"{{Leaf(Tbs(certificate), type: 1)}}"}]}"""));
        Assert.Equal(1_700_000_000_000, ReadNames(FeedFormat.Ct, $$"""{"leaf_input":"{{Leaf(certificate, type: 0)}}"}""").Time!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void The_common_name_counts_only_without_alternative_names() =>
        Assert.Equal("cn.ml", Read(FeedFormat.Ct, $$"""{"leaf_input":"{{Leaf(Certificate("cn.ml"), type: 0)}}"}"""));

    [Fact]
    public void Damaged_log_entries_never_throw()
    {
        var leaf = Convert.FromBase64String(Leaf(Certificate("army.ml", "www.army.ml"), type: 0));
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var damaged = leaf.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) damaged = damaged[..random.Next(damaged.Length)];
            var names = new LineNames();
            var fault = Record.Exception(() => CertificateNames.ReadLeaf(damaged, names));
            Assert.True(fault is null, $"seed {seed}: {fault}");
        }
    }

    [Fact]
    public void Arbitrary_lines_never_throw_in_any_format()
    {
        string[] parts = ["{", "}", "[", "]", "\"", ",", ":", ";", "\t", " ", "#", "army.ml", "*.", "\"data\":", "\"leaf_input\":", "\"name_value\":\"", "\\u0000", "\\ud800", "é", "\0", "\u200b", "null", "1e999", "//"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => parts[random.Next(parts.Length)]));
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > 0 && random.Next(3) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            foreach (var kind in Enum.GetValues<FeedFormat>())
            {
                var format = NameFormat.Of(Feed(kind) with { Column = random.Next(2) == 0 ? "1" : "domain" });
                var names = new LineNames();
                var fault = Record.Exception(() =>
                {
                    format.Begin(bytes);
                    format.Read(bytes, random.Next(2) == 0, names);
                });
                Assert.True(fault is null, $"seed {seed}, {kind}: {fault}");
                Assert.All(names.Names, n => Assert.InRange(n.Length, 1, 300));
            }
        }
    }

    [Fact]
    public void One_line_gives_a_bounded_number_of_names()
    {
        var line = JsonSerializer.Serialize(new { dns_names = Enumerable.Range(0, 50_000).Select(i => $"a{i}.ml") });
        Assert.Equal(LineNames.Most, ReadNames(FeedFormat.Ct, line).Names.Count);
    }

    private static string Read(FeedFormat kind, string line, bool isFirst = false)
    {
        var names = ReadNames(kind, line, isFirst);
        Assert.Null(names.Problem);
        return string.Join(' ', names.Names);
    }

    private static LineNames ReadNames(FeedFormat kind, string line, bool isFirst = false)
    {
        var names = new LineNames();
        foreach (var format in new[] { NameFormat.Of(Feed(kind)), NameFormat.Of(Feed(kind == FeedFormat.List ? kind : FeedFormat.Auto)) })
        {
            names.Clear();
            format.Begin(isFirst ? Encoding.UTF8.GetBytes(line) : []);
            format.Read(Encoding.UTF8.GetBytes(line), isFirst, names);
        }

        return names;
    }

    private static FeedSettings Feed(FeedFormat format) => new() { Name = "test", Format = format };

    private static byte[] Certificate(string commonName, params string[] alternatives)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}, O=Test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (alternatives.Length > 0)
        {
            var builder = new SubjectAlternativeNameBuilder();
            builder.AddDnsName(commonName);
            builder.AddEmailAddress("someone@example.com");
            foreach (var name in alternatives) builder.AddDnsName(name);
            request.CertificateExtensions.Add(builder.Build());
        }

        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.RawData;
    }

    private static byte[] Tbs(byte[] certificate)
    {
        var outer = new System.Formats.Asn1.AsnReader(certificate, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        return outer.ReadEncodedValue().ToArray();
    }

    // MerkleTreeLeaf (RFC 6962 §3.4) with the time 1700000000.000.
    private static string Leaf(byte[] entry, int type)
    {
        var leaf = new List<byte> { 0, 0 };
        leaf.AddRange(BitConverter.GetBytes(1_700_000_000_000L).Reverse());
        leaf.AddRange([0, (byte)type]);
        if (type == 1) leaf.AddRange(new byte[32]);
        leaf.AddRange([(byte)(entry.Length >> 16), (byte)(entry.Length >> 8), (byte)entry.Length]);
        leaf.AddRange(entry);
        leaf.AddRange([0, 0]);
        return Convert.ToBase64String([.. leaf]);
    }
}
