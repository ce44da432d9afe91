using Vigie.Governance;

namespace Vigie.Tests.Governance;

public sealed class PasswordTests
{
    [Fact]
    public void Verifies_only_the_same_password_however_it_was_composed()
    {
        var hash = PasswordHash.Create("élan vital du fleuve");
        Assert.True(PasswordHash.Verify("élan vital du fleuve".Normalize(System.Text.NormalizationForm.FormD), hash, out var outdated));
        Assert.False(outdated);
        Assert.False(PasswordHash.Verify("elan vital du fleuve", hash, out _));
        Assert.NotEqual(hash, PasswordHash.Create("élan vital du fleuve"));
    }

    [Fact]
    public void Says_when_a_hash_was_made_at_a_lower_cost()
    {
        var salt = new byte[16];
        var old = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
            "river under stars"u8, salt, 1000, System.Security.Cryptography.HashAlgorithmName.SHA512, 64);
        var stored = $"pbkdf2-sha512$1000${Convert.ToBase64String(salt)}${Convert.ToBase64String(old)}";
        Assert.True(PasswordHash.Verify("river under stars", stored, out var outdated));
        Assert.True(outdated);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("pbkdf2-sha512$0$AAAA$AAAA")]
    [InlineData("pbkdf2-sha512$99999999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")]
    [InlineData("pbkdf2-sha512$1000$%%%$%%%")]
    public void Nothing_verifies_against_a_hash_that_is_none(string? stored) => Assert.False(PasswordHash.Verify("", stored, out _));

    [Theory]
    [InlineData("elevenchars")]
    [InlineData("passwordpassword")]
    [InlineData("Password1234!")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("azertyuiop12")]
    [InlineData("awakonate-awakonate")]
    public void Refuses_what_is_short_or_tried_first(string password) => Assert.NotNull(PasswordRule.Problem(password, "awakonate"));

    [Theory]
    [InlineData("four quiet lanterns")]
    [InlineData("trois pirogues bleues")]
    [InlineData("河の上の静かな灯り四つあります")]
    [InlineData("        x9Kq7Zt2mW")]
    public void Takes_long_ones_of_any_kind(string password) => Assert.Null(PasswordRule.Problem(password, "awa"));
}
