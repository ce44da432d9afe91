using System.Text;
using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class PunycodeTests
{
    // Code points and encodings of RFC 3492 §7.1 that are valid in lower case.
    public static TheoryData<string, string> Samples => new()
    {
        { "ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn" },
        { "他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye" },
        { "למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b" },
        { "почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l" },
        { "なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa" },
        { "3年b組金八先生", "3b-ww4c5e180e575a65lsy2b" },
        { "ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v" },
        { "bücher", "bcher-kva" },
        { "そのスピードで", "d9juau41awczczp" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Encodes_and_decodes_the_samples(string label, string encoded)
    {
        var buffer = new char[100];
        Assert.True(Punycode.TryEncode(label, buffer, out var length));
        Assert.Equal(encoded, new string(buffer, 0, length));
        Assert.True(Punycode.TryDecode(encoded, out var decoded));
        Assert.Equal(label, decoded);
    }

    [Fact]
    public void Round_trips_any_label_that_fits()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var label = RandomLabel(random);
            var buffer = new char[59];
            if (!Punycode.TryEncode(label, buffer, out var length)) continue;
            Assert.True(Punycode.TryDecode(buffer.AsSpan(0, length), out var decoded), $"seed {seed}");
            Assert.True(label == decoded, $"seed {seed}");
        }
    }

    [Fact]
    public void Decodes_garbage_or_refuses_it_without_failing()
    {
        const string Characters = "abcxyz0189-ABZ\u00e9.~";
        for (var seed = 0; seed < 20000; seed++)
        {
            var random = new Random(seed);
            var text = new string([.. Enumerable.Range(0, random.Next(80)).Select(_ => Characters[random.Next(Characters.Length)])]);
            if (Punycode.TryDecode(text, out var label)) Assert.True(label.EnumerateRunes().Count() <= 63, $"seed {seed}");
        }
    }

    private static string RandomLabel(Random random)
    {
        var label = new StringBuilder();
        for (var count = random.Next(1, 20); count > 0; count--)
        {
            var rune = random.Next(4) switch
            {
                0 => new Rune(random.Next('a', 'z' + 1)),
                1 => new Rune(random.Next(0x80, 0x600)),
                2 => new Rune(random.Next(0x4E00, 0x9FFF)),
                _ => new Rune(random.Next(0x10000, 0x10FFFF)),
            };
            label.Append(rune);
        }

        return label.ToString();
    }
}
