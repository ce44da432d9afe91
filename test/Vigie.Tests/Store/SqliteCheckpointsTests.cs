using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteCheckpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Fewer pages than those after which the writer would do it: nobody else makes the file grow.
    [Fact(Timeout = 60_000)]
    public async Task The_log_is_put_into_the_file_before_the_writer_has_to()
    {
        await using var test = await TestStore.SqliteAsync();
        var file = new FileInfo(Path.Combine(test.Folder, "vigie.db"));
        var before = file.Length;
        for (var i = 0; i < 7; i++) await new Findings(test.Store, TimeProvider.System).SaveAsync(Lane.Background, [.. Enumerable.Range(i * 10, 10).Select(Large)], Token);
        Assert.InRange(new FileInfo(file.FullName + "-wal").Length, 1000 * 4096, 3900 * 4096);
        do
        {
            await Task.Delay(20, Token);
            file.Refresh();
        }
        while (file.Length == before);
    }

    private static Finding Large(int number)
    {
        var finding = SomeFinding.Number(number);
        return finding with { Entities = [.. finding.Entities, .. Enumerable.Range(2, 490).Select(i => new Entity(EntityKinds.Host, $"host-{number}-{i}"))] };
    }
}
