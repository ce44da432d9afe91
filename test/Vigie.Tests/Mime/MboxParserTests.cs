using System.Text;
using Vigie.Engine.Mime;

namespace Vigie.Tests.Mime;

public sealed class MboxParserTests
{
    [Fact]
    public void Reads_the_headers_of_each_message_and_no_body()
    {
        var headers = Read("""
            From jane@army.mil Mon Jan  1 00:00:00 2024
            From: Jane <jane@army.mil>
            To: bob@example.com,
             ann@example.org
            Subject: =?utf-8?Q?caf=C3=A9?=

            To: not-a-header@example.com
            >From the body
            From inside a paragraph

            From ann@example.org Mon Jan  1 00:00:01 2024
            From: ann@example.org

            """);
        Assert.Equal(2, headers.Count);
        Assert.Equal(["From", "To", "Subject"], headers[0].Select(f => f.Name));
        Assert.Equal("bob@example.com, ann@example.org", headers[0][1].Value);
        Assert.Equal("café", EncodedWords.Decode(headers[0][2].Value));
    }

    [Fact]
    public void Reads_a_file_that_is_one_message() =>
        Assert.Equal("x@example.com", Assert.Single(Read("From: x@example.com\nbroken line\n: empty name\n\nbody"))[0].Value);

    [Fact]
    public void Gives_the_header_that_the_file_ends_in() =>
        Assert.Single(Read("From x\nTo: a@example.com"));

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Never_throws_whatever_comes(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 300; run++)
        {
            var parser = new MboxParser();
            for (var line = 0; line < 60; line++)
            {
                var bytes = new byte[random.Next(0, 50)];
                random.NextBytes(bytes);
                if (random.Next(4) == 0) "From "u8.CopyTo(bytes.Length > 5 ? bytes : new byte[5]);
                parser.Line(random.Next(5) == 0 ? [] : bytes);
            }

            parser.End();
        }
    }

    [Fact]
    public void Bounds_a_header_that_never_ends()
    {
        var parser = new HeaderParser();
        for (var i = 0; i < 20_000; i++) parser.Line(Encoding.ASCII.GetBytes($"X-{i}: {new string('x', 100)}"));
        Assert.Equal(HeaderParser.MaxFields, parser.Take().Count);

        parser.Line("Subject: x"u8);
        for (var i = 0; i < 2_000; i++) parser.Line(Encoding.ASCII.GetBytes(new string(' ', 50) + new string('y', 50)));
        Assert.InRange(Assert.Single(parser.Take()).Value.Length, HeaderParser.MaxValueLength / 2, HeaderParser.MaxValueLength);
    }

    private static List<IReadOnlyList<HeaderField>> Read(string text)
    {
        var parser = new MboxParser();
        var found = new List<IReadOnlyList<HeaderField>>();
        foreach (var line in text.Split('\n'))
        {
            if (parser.Line(Encoding.UTF8.GetBytes(line)) is { } header) found.Add(header);
        }

        if (parser.End() is { } last) found.Add(last);
        return found;
    }
}
