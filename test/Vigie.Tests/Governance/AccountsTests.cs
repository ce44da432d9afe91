using Microsoft.AspNetCore.DataProtection;
using Vigie.Console;
using Vigie.Governance;
using Vigie.Tests.Store;

namespace Vigie.Tests.Governance;

public sealed class SqliteAccountsTests : AccountsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlAccountsTests(PostgreSqlServer server) : AccountsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

/// <summary>Accounts, sessions and links on a real store of either kind.</summary>
public abstract class AccountsTests
{
    private const string Password = "four quiet lanterns at sea";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_administrator_stays()
    {
        await using var house = await BuildAsync();
        var admin = await house.SetUpAsync();
        Assert.NotNull(await house.Accounts.ChangeRoleAsync(admin, Role.Analyst, "admin", Token));
        Assert.NotNull(await house.Accounts.SetDisabledAsync(admin, true, "admin", Token));
        Assert.NotNull(await house.Accounts.ResetAsync(admin, "admin", Token));

        // An invited administrator who never chose a password cannot replace one who can log in.
        var second = (await house.Accounts.AddAsync("second", Role.Admin, "admin", Token)).Value!;
        Assert.NotNull(await house.Accounts.SetDisabledAsync(admin, true, "admin", Token));
        await house.Links.RedeemPasswordAsync(await house.Links.IssuePasswordAsync(second, Token), Password, Token);
        Assert.Null(await house.Accounts.SetDisabledAsync(admin, true, "second", Token));
    }

    [Fact]
    public async Task Disabling_ends_sessions_and_links_at_once()
    {
        await using var house = await BuildAsync();
        await house.SetUpAsync();
        var id = (await house.Accounts.AddAsync("ines", Role.Analyst, "admin", Token)).Value!;
        await house.Links.RedeemPasswordAsync(await house.Links.IssuePasswordAsync(id, Token), Password, Token);
        var session = await house.Sessions.OpenAsync(id, "192.0.2.7", "browser", Token);
        var link = await house.Links.IssuePasswordAsync(id, Token);
        Assert.NotNull(await house.Sessions.FindAsync(session, Token));

        Assert.Null(await house.Accounts.SetDisabledAsync(id, true, "admin", Token));
        Assert.Null(await house.Sessions.FindAsync(session, Token));
        Assert.Null(await house.Links.FindPasswordNameAsync(link, Token));
        Assert.Null(await house.Logins.CheckAsync("ines", Password, Token));

        var journal = await house.Journal.SearchAsync(new JournalQuery { Subject = "ines" }, Token);
        Assert.Equal(["account.disable", "account.password", "account.add"], journal.Entries.Select(entry => entry.Action));
    }

    [Fact]
    public async Task Names_differing_in_case_are_one_name()
    {
        await using var house = await BuildAsync();
        await house.SetUpAsync();
        Assert.NotNull((await house.Accounts.AddAsync("ADMIN", Role.Analyst, "admin", Token)).Problem);
        Assert.NotNull((await house.Accounts.AddAsync("a b", Role.Analyst, "admin", Token)).Problem);
        Assert.NotNull((await house.Accounts.AddAsync("\uD800", Role.Analyst, "admin", Token)).Problem);
        Assert.NotNull(await house.Logins.CheckAsync("Admin", Password, Token));
    }

    [Fact]
    public async Task A_session_ends_when_it_lies_idle_and_when_it_is_old()
    {
        await using var house = await BuildAsync();
        var id = await house.SetUpAsync();
        var idle = await house.Sessions.OpenAsync(id, "", "", Token);
        house.Time.Advance(house.Settings.SessionIdle + TimeSpan.FromSeconds(1));
        Assert.Null(await house.Sessions.FindAsync(idle, Token));

        var busy = await house.Sessions.OpenAsync(id, "", "", Token);
        var steps = (int)(house.Settings.SessionLifetime / TimeSpan.FromHours(1));
        for (var hour = 1; hour < steps; hour++)
        {
            house.Time.Advance(TimeSpan.FromHours(1));
            Assert.NotNull(await house.Sessions.FindAsync(busy, Token));
        }

        house.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await house.Sessions.FindAsync(busy, Token));
    }

    [Fact]
    public async Task One_time_links_work_once_and_not_for_ever()
    {
        await using var house = await BuildAsync();
        var first = (await house.Links.IssueSetUpAsync(Token))!;
        var second = (await house.Links.IssueSetUpAsync(Token))!;
        Assert.False(await house.Links.IsSetUpValidAsync(first, Token)); // A new one voids the one before.
        house.Time.Advance(AccountLinks.SetUpLifetime);
        Assert.False(await house.Links.IsSetUpValidAsync(second, Token));
        Assert.NotNull((await house.Links.RedeemSetUpAsync(second, "admin", Password, Token)).Problem);

        await house.SetUpAsync();
        var id = (await house.Accounts.AddAsync("ines", Role.Analyst, "admin", Token)).Value!;
        var link = await house.Links.IssuePasswordAsync(id, Token);
        var both = await Task.WhenAll(
            house.Links.RedeemPasswordAsync(link, Password, Token), house.Links.RedeemPasswordAsync(link, Password + "!", Token));
        Assert.Single(both, outcome => outcome.Problem is null);
    }

    [Fact]
    public async Task The_store_holds_nothing_that_opens_anything()
    {
        await using var house = await BuildAsync();
        var id = await house.SetUpAsync();
        var session = await house.Sessions.OpenAsync(id, "", "", Token);
        var link = await house.Links.IssuePasswordAsync(id, Token);
        var secret = TimeBasedCode.ToBase32(await house.Factor.BeginAsync(id, Token));
        var everything = await house.Test.Store.ReadAsync(
            async (connection, token) =>
            {
                var text = new System.Text.StringBuilder();
                foreach (var table in (string[])["accounts", "account_sessions", "account_links", "account_recovery_codes"])
                {
                    await using var command = connection.CreateCommand();
                    command.CommandText = $"SELECT * FROM {table}";
                    await using var reader = await command.ExecuteReaderAsync(token);
                    while (await reader.ReadAsync(token))
                    {
                        for (var i = 0; i < reader.FieldCount; i++) text.Append(reader.GetValue(i)).Append('\n');
                    }
                }

                return text.ToString();
            },
            Token);
        foreach (var opener in (string[])[session, link, secret, Password])
            Assert.DoesNotContain(opener, everything, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_code_is_refused_when_it_was_used()
    {
        await using var house = await BuildAsync();
        var id = await house.SetUpAsync();
        var secret = await house.Factor.BeginAsync(id, Token);
        Assert.NotNull((await house.Factor.ConfirmAsync(id, "000000", Token)).Problem);
        var now = house.Time.GetUtcNow();
        Assert.Null((await house.Factor.ConfirmAsync(id, TimeBasedCode.CodeAt(secret, TimeBasedCode.StepAt(now)), Token)).Problem);

        house.Time.Advance(TimeSpan.FromMinutes(2));
        var code = TimeBasedCode.CodeAt(secret, TimeBasedCode.StepAt(house.Time.GetUtcNow()));
        var both = await Task.WhenAll(house.Factor.VerifyAsync(id, code, Token), house.Factor.VerifyAsync(id, code, Token));
        Assert.Single(both, right => right);

        await house.Factor.RemoveAsync(id, Token);
        Assert.False((await house.Accounts.FindAsync(id, Token))!.HasSecondFactor);
        Assert.Equal(0, await house.Factor.RecoveryCodesLeftAsync(id, Token));
    }

    protected abstract Task<TestStore> OpenAsync();

    private async Task<House> BuildAsync()
    {
        var settings = Vigie.Operations.Settings.Parse("", Path.GetTempPath(), out _).Console;
        return new House(await OpenAsync(), new MovableTime(), settings);
    }

    /// <summary>The real parts on a real store, with a clock that the test moves.</summary>
    private sealed class House : IAsyncDisposable
    {
        public House(TestStore test, MovableTime time, ConsoleSettings settings)
        {
            (Test, Time, Settings) = (test, time, settings);
            Journal = new Journal(test.Store, time);
            Accounts = new Accounts(test.Store, Journal, time);
            Links = new AccountLinks(test.Store, Accounts, Journal, time);
            Sessions = new Sessions(test.Store, settings, time);
            Logins = new Logins(test.Store);
            Factor = new SecondFactor(test.Store, Journal, time, new EphemeralDataProtectionProvider());
        }

        public TestStore Test { get; }

        public MovableTime Time { get; }

        public ConsoleSettings Settings { get; }

        public Journal Journal { get; }

        public Accounts Accounts { get; }

        public AccountLinks Links { get; }

        public Sessions Sessions { get; }

        public Logins Logins { get; }

        public SecondFactor Factor { get; }

        public async Task<string> SetUpAsync() =>
            (await Links.RedeemSetUpAsync((await Links.IssueSetUpAsync(Token))!, "admin", Password, Token)).Value!;

        public async ValueTask DisposeAsync()
        {
            Logins.Dispose();
            await Test.DisposeAsync();
        }
    }

    private sealed class MovableTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan span) => _now += span;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
