using System.Text;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Sources.Syslog;

namespace Vigie.Tests.Watches.Logs.Sources;

public sealed class SyslogFramingTests
{
    private readonly List<LogDiagnostic> _reported = [];

    [Fact]
    public void Counted_and_terminated_messages_may_follow_each_other() =>
        Assert.Equal(["<34>1 one", "<34>1 two\nsecond line", "<34>three", "no priority"], Take("9 <34>1 one" + "21 <34>1 two\nsecond line" + "<34>three\r\n\nno priority"));

    [Fact]
    public void A_line_that_begins_with_a_number_is_a_line() => Assert.Equal(["2026 was a year", "12"], Take("2026 was a year\n12\n"));

    [Fact]
    public void A_long_message_is_cut_reported_and_the_next_is_whole()
    {
        Assert.Equal([new string('x', 100), "<1>next"], Take(new string('x', 250) + "\n<1>next\n"));
        Assert.Equal(["<" + new string('y', 99), "<1>next"], Take("250 <" + new string('y', 249) + "7 <1>next"));
        Assert.Equal(["syslog.too-long", "syslog.too-long"], _reported.Select(r => r.Code));
    }

    [Fact]
    public void A_connection_that_ends_within_a_message_says_so()
    {
        Assert.Equal(["<1>abc"], Take("100 <1>abc"));
        Assert.Equal("syslog.cut", Assert.Single(_reported).Code);
    }

    [Fact]
    public void Messages_are_the_same_in_whatever_pieces_they_come_and_noise_never_throws()
    {
        var random = new Random(99);
        for (var round = 0; round < 500; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(1, 8); i > 0; i--)
            {
                var message = $"<{random.Next(191)}>" + new string((char)('a' + random.Next(26)), random.Next(150));
                text.Append(random.Next(3) switch { 0 => $"{message.Length} {message}", 1 => message + "\n", _ => NoiseOf(random) });
            }

            var bytes = Encoding.Latin1.GetBytes(text.ToString());
            var whole = Take(bytes, () => bytes.Length);
            Assert.Equal(whole, Take(bytes, () => random.Next(1, 7)));
        }
    }

    private static string NoiseOf(Random random) => string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => "0123456789 <>\n\0xyz"[random.Next(18)]));

    private List<string> Take(string text) => Take(Encoding.UTF8.GetBytes(text), () => int.MaxValue);

    private List<string> Take(byte[] bytes, Func<int> piece)
    {
        var framing = new SyslogFraming(100, _reported.Add);
        var messages = new List<string>();
        var (start, end) = (0, 0);
        while (true)
        {
            end = (int)Math.Min(bytes.Length, (long)end + piece());
            var isFinal = end == bytes.Length;
            while (framing.Take(bytes.AsSpan(start, end - start), isFinal, out var message) is var consumed and > 0)
            {
                start += consumed;
                if (!message.IsEmpty) messages.Add(Encoding.Latin1.GetString(message));
            }

            if (!isFinal) continue;
            Assert.Equal(bytes.Length, start);
            return messages;
        }
    }
}
