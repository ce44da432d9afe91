using Vigie.Console;
using Vigie.Engine;

namespace Vigie.Tests.Console;

public sealed class FrenchSpacingTests
{
    [Theory]
    [InlineData("Rien à faire.", "Rien à faire.")]
    [InlineData("Fini ; voyez « ceci » : quoi ? Tout !", "Fini\u202f; voyez «\u202fceci\u202f»\u00a0: quoi\u202f? Tout\u202f!")]
    [InlineData("Déjà\u202f; fait", "Déjà\u202f; fait")]
    [InlineData("CommandLine = \"cmd /c a ; b ?\" ; fini", "CommandLine = \"cmd /c a ; b ?\"\u202f; fini")]
    [InlineData("12:30 http://a.example/?b", "12:30 http://a.example/?b")]
    [InlineData(" :", "\u00a0:")]
    [InlineData("« ", "«\u202f")]
    public void Sets_spaces_at_which_no_line_breaks(string written, string set) => Assert.Equal(set, FrenchSpacing.Set(written));

    [Fact]
    public void A_page_in_French_is_set_as_French_and_one_in_English_is_left_alone()
    {
        var text = new Bilingual("a ; b", "a ; b");
        Assert.Equal("a\u202f; b", new Viewer(null!, TimeProvider.System) { Language = "fr" }[text]);
        Assert.Equal("a ; b", new Viewer(null!, TimeProvider.System)[text]);
    }
}
