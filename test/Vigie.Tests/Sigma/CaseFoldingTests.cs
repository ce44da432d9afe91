using System.Text;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

public sealed class CaseFoldingTests
{
    [Fact]
    public void Text_and_utf8_fold_the_same_for_every_character()
    {
        Span<byte> source = stackalloc byte[4];
        Span<byte> target = stackalloc byte[16];
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var rune)) continue;
            var folded = CaseFolding.FoldUtf8(source[..rune.EncodeToUtf8(source)], target);
            Assert.Equal(CaseFolding.Fold(rune.ToString()), Encoding.UTF8.GetString(target[..folded]));
        }
    }

    [Fact]
    public void Folding_what_is_folded_changes_nothing_and_both_cases_meet()
    {
        for (var value = 0; value <= 0x1FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var rune)) continue;
            var fold = CaseFolding.Fold(rune);
            Assert.Equal(fold, CaseFolding.Fold(fold));
            Assert.Equal(fold, CaseFolding.Fold(Rune.ToUpperInvariant(rune)));
        }
    }

    [Fact]
    public void What_is_no_utf8_folds_to_the_character_it_reads_as()
    {
        var random = new Random(8);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            var target = new byte[CaseFolding.MaxFoldedLength(bytes.Length)];
            Assert.Equal(CaseFolding.Fold(Encoding.UTF8.GetString(bytes)), Encoding.UTF8.GetString(target, 0, CaseFolding.FoldUtf8(bytes, target)));
        }
    }
}
