using System.Text;
using System.Text.RegularExpressions;
using Vigie.Engine.Mime;
using Vigie.Operations.Smtp;

namespace Vigie.Tests.Operations.Smtp;

public sealed partial class MailMessageTests
{
    [Theory]
    [InlineData("[Vigie] Test", true)]
    [InlineData("", true)]
    [InlineData("[Vigie] Nouvel incident 7 : « essai » 😀 é", false)]
    [InlineData("a line\r\nBcc: everybody@example.org", false)]
    [InlineData("=?utf-8?B?aGE=?=", false)]
    [InlineData(" leading", false)]
    [InlineData("A subject in plain English that goes on for longer than a line of a header should be, and then some more", false)]
    public void A_subject_is_plain_where_it_can_be_and_reads_as_it_was_written(string subject, bool plain)
    {
        var header = Encoding.UTF8.GetString(new MailMessage("id@example.org", "vigie@example.org", ["soc@example.org"], subject, "Text").ToBytes(DateTimeOffset.UnixEpoch));
        var written = Subject().Match(header).Groups[1].Value;
        Assert.Equal(plain, written == subject);
        Assert.All(written.Split("\r\n "), word => Assert.True(word.Length <= 75, word));
        if (!plain) Assert.Equal(subject.ReplaceLineEndings("\n"), EncodedWords.Decode(written.Replace("\r\n ", " ", StringComparison.Ordinal)).ReplaceLineEndings("\n"));
        Assert.DoesNotContain("\r\nBcc", header, StringComparison.Ordinal);
    }

    [GeneratedRegex("\r\nSubject: ((?:.|\r\n )*)\r\nDate:")]
    private static partial Regex Subject();
}
