using System.Text;
using System.Text.Json;
using Vigie.Engine.Events;

namespace Vigie.Tests.Events;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("""plain""", "plain")]
    [InlineData("""C:\\Windows\\cmd.exe""", @"C:\Windows\cmd.exe")]
    [InlineData("""\"\/\b\f\n\r\t""", "\"/\b\f\n\r\t")]
    [InlineData("""\u00e9\u20AC""", "é€")]
    [InlineData("""\ud83d\ude00""", "😀")]
    [InlineData("""\ud83d""", "\uFFFD")]
    [InlineData("""\ud83dx""", "\uFFFDx")]
    [InlineData("""\ud83d\u0041""", "\uFFFDA")]
    [InlineData("""\u12""", """\u12""")]
    [InlineData("""\q""", """\q""")]
    [InlineData("""end\""", """end\""")]
    [InlineData("", "")]
    public void Escapes_become_what_they_stand_for_and_broken_ones_stay(string escaped, string expected) =>
        Assert.Equal(expected, Unescape(escaped));

    [Fact]
    public void Whatever_JSON_writes_is_read_back()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 2000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => (char)random.Next(1, 0xD7FF))]);
            var escaped = JsonSerializer.Serialize(text)[1..^1];
            Assert.True(text == Unescape(escaped), $"round {round}: {escaped}");
        }
    }

    [Fact]
    public void Broken_escapes_never_throw_and_never_grow()
    {
        var random = new Random(7);
        var alphabet = "\\u0dD8cC\"nx"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(0, 24)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = alphabet[random.Next(alphabet.Length)];
            Assert.InRange(JsonText.Unescape(bytes, new byte[bytes.Length]), 0, bytes.Length);
        }
    }

    private static string Unescape(string escaped)
    {
        var bytes = Encoding.UTF8.GetBytes(escaped);
        var target = new byte[bytes.Length];
        return Encoding.UTF8.GetString(target, 0, JsonText.Unescape(bytes, target));
    }
}
