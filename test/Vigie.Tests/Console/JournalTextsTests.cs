using Vigie.Console;

namespace Vigie.Tests.Console;

public sealed class JournalTextsTests
{
    [Theory]
    [InlineData("""{"role":"Analyst"}""", "role: Analyst")]
    [InlineData("""{"incident":7,"verdict":"benign","note":null}""", "incident: 7, verdict: benign, note: –")]
    [InlineData("""{"rules":["a","b"]}""", """{"rules":["a","b"]}""")]
    [InlineData("{}", "")]
    [InlineData("""{"a":1,"a":2}""", """{"a":1,"a":2}""")]
    [InlineData("not json", "not json")]
    public void Details_are_said_in_a_line(string stored, string said) => Assert.Equal(said, JournalTexts.Details(stored));
}
