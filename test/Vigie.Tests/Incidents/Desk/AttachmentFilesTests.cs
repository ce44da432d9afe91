using Vigie.Incidents.Desk;

namespace Vigie.Tests.Incidents.Desk;

public sealed class AttachmentFilesTests
{
    [Theory]
    [InlineData("report.pdf", "report.pdf")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData(@"C:\temp\..\a.exe", "a.exe")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData("exe.\u202Efdp", "exe._fdp")]
    [InlineData("a\r\nSet-Cookie: x", "a__Set-Cookie: x")]
    public void Names_are_what_they_seem(string sent, string kept) => Assert.Equal(kept, AttachmentFiles.NameOf(sent));

    [Fact]
    public void A_long_name_keeps_its_end()
    {
        var name = AttachmentFiles.NameOf(new string('a', 600) + ".pdf");
        Assert.True(name.Length <= AttachmentFiles.MaxName + 10);
        Assert.Equal(new string('a', AttachmentFiles.MaxName), name[..AttachmentFiles.MaxName]);
    }

    [Fact]
    public void Types_are_certain_or_unknown()
    {
        Assert.Equal("text/plain", AttachmentFiles.TypeOf("<html><script>alert(1)</script>"u8));
        Assert.Equal("text/plain", AttachmentFiles.TypeOf("é, ü and 漢字\r\n"u8));
        Assert.Equal("application/pdf", AttachmentFiles.TypeOf("%PDF-1.7\n"u8));
        Assert.Equal("image/png", AttachmentFiles.TypeOf([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1]));
        Assert.Equal("application/octet-stream", AttachmentFiles.TypeOf([0x4D, 0x5A, 0x90, 0x00]));
        Assert.Equal("application/octet-stream", AttachmentFiles.TypeOf([0x41, 0xFF, 0xFE]));
        // A large text cut in the middle of a character is text.
        Assert.Equal("text/plain", AttachmentFiles.TypeOf(System.Text.Encoding.UTF8.GetBytes(new string('漢', 40_000))));
    }

    [Fact]
    public void Whatever_comes_has_a_name_and_a_type()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var name = string.Create(random.Next(0, 400), random, static (span, r) =>
            {
                foreach (ref var c in span) c = (char)r.Next(0, 0x10000);
            });
            var kept = AttachmentFiles.NameOf(name);
            Assert.InRange(kept.Length, 1, 8 * AttachmentFiles.MaxName);
            Assert.DoesNotContain(kept, c => char.IsControl(c) || c is '/' or '\\' or '\u202E');
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            Assert.NotEmpty(AttachmentFiles.TypeOf(bytes));
        }
    }
}
