using System.Text;
using Vigie.Engine.Mime;

namespace Vigie.Tests.Mime;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("jane@army.mil", "jane@army.mil")]
    [InlineData("Jane Doe <jane@army.mil>", "jane@army.mil")]
    [InlineData("\"Doe, Jane\" <jane@army.mil>, bob@example.com", "jane@army.mil bob@example.com")]
    [InlineData("Jane (a, comment (nested)) <jane@army.mil>", "jane@army.mil")]
    [InlineData("jane@army.mil (Jane Doe)", "jane@army.mil")]
    [InlineData("Team: jane@army.mil, bob@example.com;, ann@example.org", "jane@army.mil bob@example.com ann@example.org")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("jane @ army . mil", "jane@army.mil")]
    [InlineData("\"jane doe\"@army.mil", "\"jane doe\"@army.mil")]
    [InlineData("Jane <@relay.example:jane@army.mil>", "jane@army.mil")]
    [InlineData("nobody, , <>, Jane <jane@army.mil", "")]
    public void Reads_the_mailboxes_of_a_field(string value, string expected) =>
        Assert.Equal(expected, string.Join(' ', AddressList.Parse(value)));

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Never_throws_whatever_comes(int seed)
    {
        var random = new Random(seed);
        const string alphabet = "ab.@@<>\"\\,:; ()\0\té";
        for (var run = 0; run < 20_000; run++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(0, 40); i > 0; i--) text.Append(alphabet[random.Next(alphabet.Length)]);
            Assert.All(AddressList.Parse(text.ToString()), mailbox => Assert.NotEqual("", mailbox.Domain));
        }
    }

    [Fact]
    public void Bounds_what_one_field_gives() =>
        Assert.Equal(AddressList.MaxMailboxes, AddressList.Parse(string.Join(',', Enumerable.Repeat("a@b.example", AddressList.MaxMailboxes + 50))).Count);

    [Fact]
    public void Deep_comments_do_not_hang() => Assert.Empty(AddressList.Parse(new string('(', 200_000)));
}
