using System.Net;
using Vigie.Governance;

namespace Vigie.Tests.Console;

public sealed class LoginTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Credentials(string name, string password) => new() { ["name"] = name, ["password"] = password };

    [Fact]
    public async Task A_new_node_is_set_up_with_its_link_once()
    {
        await using var node = await Acceptance.RunningNode.StartAsync(cancellationToken: Token);
        using var visitor = new Visitor(node.Client.BaseAddress!);
        Assert.Contains("set-up link", (await visitor.OpenAsync("/", Token)).Text, StringComparison.Ordinal);

        var token = await node.Services.GetRequiredService<AccountLinks>().IssueSetUpAsync(Token);
        var form = await visitor.OpenAsync($"/setup/{token}", Token);
        Assert.Equal("Welcome to Vigie", form.Heading);

        var fields = new Dictionary<string, string> { ["name"] = "Awa", ["password"] = "short", ["again"] = "short" };
        form = await visitor.SubmitAsync(form, $"/setup/{token}", fields, Token);
        Assert.Contains("at least 12 characters", form.Flash, StringComparison.Ordinal);

        fields["password"] = fields["again"] = ConsoleHouse.Password;
        var overview = await visitor.SubmitAsync(form, $"/setup/{token}", fields, Token);
        Assert.Equal("Overview", overview.Heading);
        Assert.Contains("Administrator", overview.Text, StringComparison.Ordinal);

        using var another = new Visitor(node.Client.BaseAddress!);
        Assert.Equal(HttpStatusCode.Gone, (await another.OpenAsync($"/setup/{token}", Token)).Status);
        Assert.Null(await node.Services.GetRequiredService<AccountLinks>().IssueSetUpAsync(Token));
    }

    [Fact]
    public async Task Wrong_names_and_wrong_passwords_are_answered_alike()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var visitor = house.Visit();
        var answers = new List<string>();
        foreach (var (name, password) in new[] { ("admin", "not the password!"), ("nobody", "not the password!"), ("admin", "") })
        {
            var page = await visitor.SubmitAsync(await visitor.OpenAsync("/login", Token), "/login", Credentials(name, password), Token);
            Assert.Equal("/login", page.Address);
            answers.Add(page.Flash);
        }

        Assert.Single(answers.Distinct());
        Assert.Contains("not right", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_leads_to_the_page_that_was_asked_for_and_nowhere_else()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var visitor = house.Visit();
        var login = await visitor.OpenAsync("/health", Token);
        Assert.Equal("/login?back=%2Fhealth", login.Address);
        Assert.Equal("/health", (await visitor.SubmitAsync(login, "/login", Credentials("ADMIN", ConsoleHouse.Password), Token)).Address);

        foreach (var elsewhere in new[] { "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)" })
        {
            using var other = house.Visit();
            login = await other.OpenAsync("/login?back=" + Uri.EscapeDataString(elsewhere), Token);
            var fields = Credentials("ines", ConsoleHouse.Password);
            fields["back"] = elsewhere;
            Assert.Equal("/", (await other.SubmitAsync(login, "/login", fields, Token)).Address);
        }
    }

    [Fact]
    public async Task Every_login_starts_another_session_and_logging_out_ends_it()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var visitor = house.Visit();
        visitor.Cookies.Add(house.Address, new Cookie("vigie", "planted-before-the-login"));
        var page = await visitor.SubmitAsync(await visitor.OpenAsync("/login", Token), "/login", Credentials("ines", ConsoleHouse.Password), Token);
        var first = visitor.Cookies.GetCookies(house.Address)["vigie"]!;
        Assert.NotEqual("planted-before-the-login", first.Value);
        Assert.True(first.HttpOnly);

        var token = first.Value;
        Assert.Equal("/login", (await visitor.SubmitAsync(page, "/logout", new Dictionary<string, string>(), Token)).Address);
        using var thief = house.Visit();
        thief.Cookies.Add(house.Address, new Cookie("vigie", token));
        Assert.StartsWith("/login", (await thief.OpenAsync("/health", Token)).Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_second_factor_the_password_alone_opens_nothing()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        var account = (await house.Services.GetRequiredService<Accounts>().ListAsync(Token)).Single(a => a.Name == "ines");
        var factor = house.Services.GetRequiredService<SecondFactor>();
        var secret = await factor.BeginAsync(account.Id, Token);
        var step = TimeBasedCode.StepAt(DateTimeOffset.UtcNow);
        var codes = await factor.ConfirmAsync(account.Id, TimeBasedCode.CodeAt(secret, step), Token);
        Assert.Equal(10, codes.Value!.Count);

        using var visitor = house.Visit();
        var page = await visitor.SubmitAsync(await visitor.OpenAsync("/login", Token), "/login", Credentials("ines", ConsoleHouse.Password), Token);
        Assert.Equal("/login/code", page.Address);
        Assert.StartsWith("/login", (await visitor.OpenAsync("/", Token)).Address, StringComparison.Ordinal);

        // The code that turned the factor on was used by that.
        page = await visitor.OpenAsync("/login/code", Token);
        page = await visitor.SubmitAsync(page, "/login/code", new Dictionary<string, string> { ["code"] = TimeBasedCode.CodeAt(secret, step) }, Token);
        Assert.Contains("not right", page.Flash, StringComparison.Ordinal);

        page = await visitor.SubmitAsync(page, "/login/code", new Dictionary<string, string> { ["code"] = codes.Value![3].ToUpperInvariant() }, Token);
        Assert.Equal("/", page.Address);
        Assert.Equal(9, await factor.RecoveryCodesLeftAsync(account.Id, Token));
        Assert.False(await factor.VerifyAsync(account.Id, codes.Value![3], Token));
    }

    [Fact]
    public async Task An_address_that_guesses_is_told_to_wait()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var visitor = house.Visit();
        var login = await visitor.OpenAsync("/login", Token);
        Seen? last = null;
        for (var i = 0; i < 11; i++) last = await visitor.SubmitAsync(login, "/login", Credentials("admin", $"guess number {i}"), Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, last!.Status);
        Assert.NotNull(last.Headers.RetryAfter);
        Assert.Equal("Too many requests", last.Heading);
    }
}
