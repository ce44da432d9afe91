using System.Globalization;
using System.Text;
using Vigie.Engine.Mime;
using Vigie.Watches.Mail;

namespace Vigie.Tests.Watches.Mail;

public sealed class VerdictTextsTests
{
    private static readonly Mailbox Wrong = new("jane", "army.ml");
    private static readonly Mailbox Right = new("jane", "army.mil");

    [Fact]
    public void The_question_comes_first_then_what_happened_and_how_to_insist()
    {
        var texts = new VerdictTexts(new MailSettings { Contact = "helpdesk@example.org" });
        var lines = texts.Refusal(new RefusalNote(Wrong, Right, "0123abcd", "https://vigie.example.org/insist/TOKEN"));
        Assert.Equal("Did you mean jane@army.mil ?", lines[0]);
        Assert.Equal("army.ml is not army.mil, and nobody here is known to write to it. Nothing was sent to jane@army.ml.", lines[1]);
        Assert.Equal("If the address is right: wait 20 seconds and send it again within 30 minutes, or confirm at https://vigie.example.org/insist/TOKEN and send it again.", lines[2]);
        Assert.Equal("Vouliez-vous ecrire a jane@army.mil ?", lines[3]);
        Assert.Equal("Help / aide : helpdesk@example.org (Vigie 0123abcd)", lines[^1]);
    }

    [Theory]
    [InlineData(InsistPolicy.None, false, false)]
    [InlineData(InsistPolicy.Link, false, true)]
    [InlineData(InsistPolicy.Resend, true, false)]
    [InlineData(InsistPolicy.Both, true, true)]
    public void Only_the_ways_that_policy_allows_are_offered(InsistPolicy policy, bool resend, bool link)
    {
        var texts = new VerdictTexts(new MailSettings { Insist = policy, Languages = ["en"] });
        var text = string.Join('\n', texts.Refusal(new RefusalNote(Wrong, Right, "0123abcd", link ? "https://v.example/insist/T" : null)));
        Assert.Equal(resend, text.Contains("send it again within", StringComparison.Ordinal));
        Assert.Equal(link, text.Contains("https://v.example/insist/T", StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_that_ASCII_cannot_hold_is_shown_by_its_domain()
    {
        var texts = new VerdictTexts(new MailSettings());
        var lines = texts.Refusal(new RefusalNote(new Mailbox("žaneta", "army.ml"), new Mailbox("žaneta", "army.mil"), "0123abcd", null));
        Assert.Equal("Did you mean an address at army.mil ?", lines[0]);
        Assert.All(lines, line => Assert.True(Ascii.IsValid(line), line));
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    public void Whatever_the_address_each_line_is_plain_ASCII_and_fits_an_SMTP_reply(int seed)
    {
        var random = new Random(seed);
        var texts = new VerdictTexts(new MailSettings { Contact = new string('x', 200) });
        for (var run = 0; run < 2_000; run++)
        {
            var local = new StringBuilder();
            for (var i = random.Next(1, 300); i > 0; i--) local.Append((char)random.Next(1, run % 3 == 0 ? 0x2fff : 0x7f));
            var lines = texts.Refusal(new RefusalNote(Wrong with { LocalPart = local.ToString() }, Right with { LocalPart = local.ToString() }, "0123abcd", "https://v.example/insist/" + new string('T', 250)));
            var note = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, run {run}");
            Assert.All(lines, line => Assert.True(line.Length + "550-5.7.1 \r\n".Length <= 512 && line.All(c => c is >= ' ' and <= '~'), note));
        }
    }

    [Fact]
    public void French_loses_its_accents_and_nothing_else() =>
        Assert.Equal("Deja vu : \"l'ete\", ou - qui sait ? - l'annee", SmtpText.Line("Déjà vu : «l’été», où – qui sait ? – l'année"));

    [Fact]
    public void Tokens_are_good_for_one_stop_one_sender_and_one_recipient()
    {
        var tokens = new InsistenceTokens(Encoding.ASCII.GetBytes(new string('k', 32)));
        var id = new string('e', 32);
        var expires = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var token = tokens.Issue(id, "bob@own.example", "jane@army.ml", expires);
        Assert.Equal(InsistenceTokens.Length, token.Length);
        Assert.True(tokens.TryRead(token, out var claim));
        Assert.Equal((id, expires), (claim.Id, claim.Expires));
        Assert.True(tokens.Verify(token, "bob@own.example", "jane@army.ml"));
        Assert.False(tokens.Verify(token, "eve@own.example", "jane@army.ml"));
        Assert.False(tokens.Verify(token, "bob@own.example", "joe@army.ml"));
        Assert.False(tokens.Verify(token, "bob@own.examplejane", "@army.ml"));
        Assert.False(new InsistenceTokens(new byte[32]).Verify(token, "bob@own.example", "jane@army.ml"));
    }

    [Fact]
    public void A_token_with_any_character_changed_is_worth_nothing()
    {
        var tokens = new InsistenceTokens(new byte[32]);
        var token = tokens.Issue(new string('e', 32), "bob@own.example", "jane@army.ml", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        for (var i = 0; i < token.Length; i++)
        {
            // The last character of the base64 has spare bits that must not matter either: the decoder refuses them.
            var altered = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False(tokens.Verify(altered, "bob@own.example", "jane@army.ml"), altered);
        }

        foreach (var rubbish in (string?[])[null, "", "x", token + "A", new string('=', token.Length), new string('é', token.Length)])
            Assert.False(tokens.TryRead(rubbish, out _));
    }
}
