using System.Globalization;
using System.Text;
using Vigie.Engine.Mime;

namespace Vigie.Tests.Mime;

public sealed class MessageDateTests
{
    [Theory]
    [InlineData("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T15:55:06Z")]
    [InlineData("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z")]
    [InlineData("Thu, 13 Feb 1969 23:32 -0330 (Newfoundland Time)", "1969-02-14T03:02:00Z")]
    [InlineData("Mon, 01 Jan 2024 10:00:60 EST", "2024-01-01T15:00:59Z")]
    [InlineData("1 Jan 2024 10:00:00", "2024-01-01T10:00:00Z")]
    public void Reads_dates_old_and_new(string text, string expected)
    {
        Assert.True(MessageDate.TryParse(text, out var date));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), date);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("31 Feb 2024 10:00:00")]
    [InlineData("1 Jan 2024 25:00:00")]
    [InlineData("1 Jan 99999 10:00:00")]
    public void Says_no_to_what_is_no_date(string text) => Assert.False(MessageDate.TryParse(text, out _));

    [Theory]
    [InlineData("=?utf-8?B?Y2Fmw6k=?=", "café")]
    [InlineData("=?utf-8?Q?a?= =?utf-8?Q?b?= c", "ab c")]
    [InlineData("=?iso-8859-1*fr?Q?caf=E9_noir?=", "café noir")]
    [InlineData("=?x-unknown?Q?a?=", "=?x-unknown?Q?a?=")]
    [InlineData("=?utf-8?B?###?= and =?", "=?utf-8?B?###?= and =?")]
    public void Decodes_encoded_words(string text, string expected) => Assert.Equal(expected, EncodedWords.Decode(text));

    [Theory]
    [InlineData(31)]
    public void Never_throws_whatever_comes(int seed)
    {
        var random = new Random(seed);
        const string alphabet = "0123456789 :,+-=?utf8QBJan()é";
        for (var run = 0; run < 50_000; run++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(0, 40); i > 0; i--) text.Append(alphabet[random.Next(alphabet.Length)]);
            if (MessageDate.TryParse(text.ToString(), out var date)) Assert.InRange(date.Year, 1899, 9999);
            EncodedWords.Decode(text.ToString());
        }
    }
}
