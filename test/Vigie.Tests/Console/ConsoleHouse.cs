using Vigie.Governance;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Console;

/// <summary>A running node with an account of each role.</summary>
internal sealed class ConsoleHouse : IAsyncDisposable
{
    public const string Password = "four quiet lanterns at sea";

    private readonly RunningNode _node;

    private ConsoleHouse(RunningNode node) => _node = node;

    public RunningNode Node => _node;

    public IServiceProvider Services => _node.Services;

    public Uri Address => _node.Client.BaseAddress!;

    public static async Task<ConsoleHouse> StartAsync(CancellationToken ct, string yaml = "")
    {
        var house = new ConsoleHouse(await RunningNode.StartAsync(yaml, cancellationToken: ct));
        var links = house.Services.GetRequiredService<AccountLinks>();
        await links.RedeemSetUpAsync((await links.IssueSetUpAsync(ct))!, "admin", Password, ct);
        foreach (var role in new[] { Role.Approver, Role.Analyst })
        {
            var added = await house.Services.GetRequiredService<Accounts>().AddAsync(NameOf(role), role, "admin", ct);
            await links.RedeemPasswordAsync(await links.IssuePasswordAsync(added.Value!, ct), Password, ct);
        }

        return house;
    }

    public Visitor Visit(string language = "en") => new(Address, language);

    /// <summary>Somebody of a role, logged in without the detour over the login page.</summary>
    public async Task<Visitor> EnterAsync(Role role, CancellationToken ct, string language = "en")
    {
        var visitor = Visit(language);
        var account = (await Services.GetRequiredService<Accounts>().ListAsync(ct)).Single(account => account.Name == NameOf(role));
        var token = await Services.GetRequiredService<Sessions>().OpenAsync(account.Id, "127.0.0.1", "test", ct);
        visitor.Cookies.Add(Address, new System.Net.Cookie("vigie", token));
        return visitor;
    }

    public static string NameOf(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Approver => "awa",
        _ => "ines",
    };

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
