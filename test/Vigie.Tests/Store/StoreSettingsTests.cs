using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class StoreSettingsTests
{
    [Fact]
    public void An_empty_file_is_an_embedded_store_that_keeps_everything_for_its_documented_time()
    {
        var store = Settings.Parse("", "/data", out var problems).Store;
        Assert.Empty(problems);
        Assert.Null(store.PostgreSql);
        Assert.Equal("/data/vigie.db", store.SqliteFile);
        Assert.Equal(20_000_000_000, store.MaxSize);
        Assert.All(RetentionKind.All, kind => Assert.Equal(kind.Default, store.Keep[kind]));
    }

    [Fact]
    public void Each_setting_is_read()
    {
        var store = Settings.Parse(
            """
            store:
              postgresql: Host=/run/postgresql;Database=vigie
              maxSize: 500MB
              mailWait: 10s
              lockWait: 2s
              keep:
                decisions: 30d
            """,
            "/data",
            out var problems).Store;
        Assert.Empty(problems);
        Assert.Equal("Host=/run/postgresql;Database=vigie", store.PostgreSql);
        Assert.Equal((500_000_000, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)), (store.MaxSize, store.MailWait, store.LockWait));
        Assert.Equal(TimeSpan.FromDays(30), store.Keep[RetentionKind.Decisions]);
        Assert.Equal(RetentionKind.Findings.Default, store.Keep[RetentionKind.Findings]);
    }

    [Theory]
    [InlineData("store:\n  keep:\n    gossip: 3d", 3, "store.keep.gossip", "decisions")]
    [InlineData("store:\n  keep:\n    findings: soon", 3, "store.keep.findings", "400d")]
    [InlineData("store:\n  maxSize: 3", 2, "store.maxSize", "20GB")]
    [InlineData("store:\n  postgresql: Database=vigie", 2, "store.postgresql", "Host")]
    [InlineData("store:\n  postgresql: Password=hunter2;nonsense=1", 2, "store.postgresql", "connection string")]
    public void Every_mistake_is_named_with_its_line_and_no_password(string yaml, int line, string key, string text)
    {
        Settings.Parse(yaml, "/data", out var problems);
        var problem = Assert.Single(problems);
        Assert.Equal((line, key), (problem.Line, problem.Key));
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Text, StringComparison.Ordinal);
    }
}
