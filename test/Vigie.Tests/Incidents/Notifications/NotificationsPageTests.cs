using Vigie.Governance;
using Vigie.Tests.Acceptance;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents.Notifications;

/// <summary>The whole way in a running node: the page, a test from it, and an incident that is told by itself.</summary>
public sealed class NotificationsPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_test_goes_from_the_page_to_the_mail_server_and_the_page_says_so()
    {
        await using var sink = new SmtpSink();
        using var folder = new TemporaryFolder();
        await using var house = await ConsoleHouse.StartAsync(Token, $$"""
            incidents:
              notify:
                - {name: duty, to: soc@example.org, server: "127.0.0.1:{{sink.Port}}", quietHours: 00:00-23:59}
                - {name: chat, kind: webhook, url: "https://chat.example.org/hooks/t0k3n", secretFile: {{folder.Write("secret", "seventeen candles burn")}}}

            """);
        using var admin = await house.EnterAsync(Role.Admin, Token);
        var page = await admin.OpenAsync("/notifications", Token);
        Assert.DoesNotContain("t0k3n", page.Document.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Contains("chat.example.org", page.Document.Body!.TextContent, StringComparison.Ordinal);
        await admin.SubmitAsync(page, "/notifications/test", new Dictionary<string, string>(), Token);
        await sink.WaitForAsync(1, Token);
        Assert.Equal("[Vigie] Test", NotificationFlowTests.Subject(sink.Messages.Single()));
        Assert.Contains("admin", NotificationFlowTests.Text(sink.Messages.Single()), StringComparison.Ordinal);

        for (var i = 0; i < 100; i++)
        {
            page = await admin.OpenAsync("/notifications", Token);
            if (page.Document.QuerySelector("tbody .tag.ok") is not null) break;
            await Task.Delay(50, Token);
        }

        Assert.NotNull(page.Document.QuerySelector("tbody .tag.ok"));
    }

    [Fact]
    public async Task Who_may_read_only_sees_no_button_and_may_not_press_it()
    {
        await using var house = await ConsoleHouse.StartAsync(Token, "incidents:\n  notify:\n    - to: soc@example.org\n");
        foreach (var role in Enum.GetValues<Role>())
        {
            using var visitor = await house.EnterAsync(role, Token);
            var page = await visitor.OpenAsync("/notifications", Token);
            Assert.Equal(role == Role.Admin, page.Document.QuerySelector("form[action='/notifications/test']") is not null);
        }
    }
}
