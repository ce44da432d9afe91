using Vigie.Governance;
using Vigie.Tests.Incidents;

namespace Vigie.Tests.Console;

/// <summary>WCAG 2.2 §3.1.2: what a page says in another language than its own is announced as that.</summary>
[Collection("acceptance")]
public sealed class LanguageOfPartsTests(PagesTests.Told told) : IClassFixture<PagesTests.Told>
{
    private const string English = "main bdi[lang=en], main bdi [lang=en]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Pages => new()
    {
        { "/findings", "Whoami run by a service account" },
        { "/findings?group=rule", "Whoami run by a service account" },
        { "/search?q=whoami", "run by a service account" },
        { "/rules", "Whoami run by a service account" },
        { $"/rules/{LogStory.WebShellRule}", "What a story needs to be told" },
        { "/records", "PowerShell with an encoded command" },
        { $"/findings/{LogStory.WebShellId}", "a web server starts a command shell" },
        { $"/incidents/{CaseStory.Told}", "Regular connections to one address" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_French_page_announces_what_a_rule_says_as_English(string address, string said)
    {
        using var reader = await told.House.EnterAsync(Role.Admin, Token, "fr");
        var page = await reader.OpenAsync(address, Token);
        Assert.Equal("fr", page.Document.DocumentElement.GetAttribute("lang"));
        var english = page.Document.QuerySelectorAll(English).Select(element => element.TextContent).ToList();
        Assert.Contains(english, text => text.Contains(said, StringComparison.Ordinal));
        Assert.DoesNotContain(english, text => text.Contains('é', StringComparison.Ordinal) || text.Contains(" sur ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task An_English_page_has_nothing_to_announce(string address, string said)
    {
        using var reader = await told.House.EnterAsync(Role.Admin, Token);
        var page = await reader.OpenAsync(address, Token);
        Assert.Contains(said, page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll(English));
    }
}
