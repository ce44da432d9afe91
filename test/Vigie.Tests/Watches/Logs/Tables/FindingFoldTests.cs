using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Tests.Store;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Tests.Watches.Logs.Tables;

public sealed class FindingFoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Beyond_the_bound_the_same_is_counted_and_something_else_is_stored()
    {
        var fold = new FindingFold(maxSame: 3, maxRule: 100);
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(i => fold.Admit(Some(i, "host-a"))));
        Assert.True(fold.Admit(Some(6, "host-b")));
        Assert.True(fold.Admit(Some(7, "host-a", hours: 1)));
    }

    [Fact]
    public void A_rule_with_ever_new_entities_meets_its_own_bound()
    {
        var fold = new FindingFold(maxSame: 3, maxRule: 10);
        Assert.Equal(10, Enumerable.Range(0, 50).Count(i => fold.Admit(Some(i, $"host-{i}"))));
    }

    [Fact]
    public async Task What_was_folded_is_in_the_store_and_counting_goes_on_after_a_restart()
    {
        await using var test = await TestStore.SqliteAsync();
        var fold = new FindingFold(maxSame: 20, maxRule: 1000);
        for (var i = 0; i < 25; i++) fold.Admit(Some(i, "host-a"));
        await test.Store.WriteAsync(Vigie.Store.Lane.Background, fold.Save, TestContext.Current.CancellationToken);
        fold.Saved();

        var after = new FindingFold(maxSame: 20, maxRule: 1000);
        await after.LoadAsync(test.Store, TestContext.Current.CancellationToken);
        Assert.False(after.Admit(Some(26, "host-a")));
        Assert.True(after.Admit(Some(27, "host-b")));
    }

    private static Finding Some(int number, string host, int hours = 0) => new()
    {
        Id = FindingId.Of("test", "rule", FindingId.Part(number)),
        Detector = "test",
        Rule = "rule",
        RuleVersion = "1",
        Title = new Bilingual("t", "t"),
        Severity = Severity.Low,
        FirstSeen = Start.AddHours(hours).AddSeconds(number),
        LastSeen = Start.AddHours(hours).AddSeconds(number),
        Entities = [new Entity(EntityKinds.Host, host), new Entity(EntityKinds.Process, $"p{number}")],
        Explanation = new Bilingual("e", "e"),
    };
}
