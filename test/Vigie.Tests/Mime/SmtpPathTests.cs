using System.Globalization;
using System.Text;
using Vigie.Engine.Mime;

namespace Vigie.Tests.Mime;

public sealed class SmtpPathTests
{
    [Theory]
    [InlineData("<jane@army.mil>", "jane", "army.mil")]
    [InlineData("jane@army.mil", "jane", "army.mil")]
    [InlineData("<\"jane doe\"@army.mil>", "jane doe", "army.mil")]
    [InlineData("<\"a\\\"b@c\"@army.mil>", "a\"b@c", "army.mil")]
    [InlineData("<@relay.example,@other.example:jane@army.mil>", "jane", "army.mil")]
    [InlineData("<jane@[192.0.2.1]>", "jane", "[192.0.2.1]")]
    [InlineData("<jane@[IPv6:2001:db8::1]>", "jane", "[IPv6:2001:db8::1]")]
    [InlineData("<jane@army.mil.>", "jane", "army.mil")]
    [InlineData("<postmaster>", "postmaster", "")]
    [InlineData("<žaneta@příklad.example>", "žaneta", "příklad.example")]
    [InlineData("<jane..doe.@army.mil>", "jane..doe.", "army.mil")]
    [InlineData("<jane%army.ml@relay.example>", "jane%army.ml", "relay.example")]
    [InlineData("<a@b@army.mil>", "a@b", "army.mil")]
    public void Reads_where_the_mail_goes(string text, string local, string domain)
    {
        Assert.True(SmtpPath.TryParse(text, out var path, out var problem), problem);
        Assert.Equal(new Mailbox(local, domain), path.Mailbox);
    }

    [Fact]
    public void Reads_the_null_path_of_a_bounce()
    {
        Assert.True(SmtpPath.TryParse("<>", out var path, out _));
        Assert.True(path.IsNull);
        Assert.Equal("<>", path.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<jane@army.mil")]
    [InlineData("<@army.mil>")]
    [InlineData("<@a,@b>")]
    [InlineData("<@a:@b:jane@c>")]
    [InlineData("<jane@>")]
    [InlineData("<\"jane@army.mil>")]
    [InlineData("<\"\"@army.mil>")]
    [InlineData("<\"jane\"doe@army.mil>")]
    [InlineData("<jane@army .mil>")]
    [InlineData("<jane@[192.0.2.1>")]
    [InlineData("<ja\tne@army.mil>")]
    public void Says_why_a_path_has_no_destination(string text)
    {
        Assert.False(SmtpPath.TryParse(text, out _, out var problem));
        Assert.False(string.IsNullOrEmpty(problem));
    }

    [Theory]
    [InlineData("jane+travel", "jane")]
    [InlineData("+travel", "+travel")]
    [InlineData("owner-list+x", "owner-list+x")]
    [InlineData("list+x-request", "list+x-request")]
    [InlineData("jane", "jane")]
    public void Drops_an_address_extension_as_Postfix_does(string local, string expected) =>
        Assert.Equal(expected, new Mailbox(local, "army.mil").WithoutExtension("+"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Never_throws_and_round_trips_whatever_comes(int seed)
    {
        var random = new Random(seed);
        const string alphabet = "ab.@@<>\"\\,: []()%+\0\té例;=?";
        for (var run = 0; run < 20_000; run++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(0, 30); i > 0; i--) text.Append(alphabet[random.Next(alphabet.Length)]);
            if (!SmtpPath.TryParse(text.ToString(), out var path, out _) || path.IsNull) continue;

            var note = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, run {run}: {text}");
            Assert.True(SmtpPath.TryParse(path.ToString(), out var again, out var problem), $"{note}: {problem}");
            Assert.True(path.Mailbox == again.Mailbox, note);
        }
    }

    [Fact]
    public void Refuses_a_path_of_absurd_length() =>
        Assert.False(SmtpPath.TryParse($"<{new string('a', 100_000)}@army.mil>", out _, out _));
}
