using System.Collections.Concurrent;
using Vigie.Commands.Logs;
using Vigie.Engine.Events;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Tests.Commands.Logs;

public sealed class LogFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _seen = [];
    private readonly EventRecord _record = new(new FieldCatalog(["n"]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Takes_what_is_appended_and_goes_on_over_rotation_and_truncation()
    {
        var log = _folder.Write("app.json", Event(0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var following = new LogFollower(new ReadAs(), diagnostic => _seen.Enqueue(diagnostic.Code)).FollowAsync(log, fromStart: false, _record, (_, _) => Take(), () => { }, stop.Token);

        await AppendAsync(log, Event(1));
        await SeenAsync("1");
        await AppendAsync(log, Event(2)[..5]);
        await AppendAsync(log, Event(2)[5..]);
        await SeenAsync("1", "2");

        File.Move(log, log + ".1");
        await AppendAsync(log, """{"other":true,"n":3}""" + "\n");
        await SeenAsync("1", "2", "3");

        await using (var file = new FileStream(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(0);
        await Task.Delay(600, TestContext.Current.CancellationToken);
        await AppendAsync(log, """{"again":true,"n":4}""" + "\n");
        await SeenAsync("1", "2", "3", "4");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Begins_with_what_is_there_where_that_is_asked_for()
    {
        var log = _folder.Write("app.json", Event(0) + Event(1));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var following = new LogFollower(new ReadAs(), _ => { }).FollowAsync(log, fromStart: true, _record, (_, _) => Take(), () => { }, stop.Token);
        await SeenAsync("0", "1");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Reads_a_stream_to_its_end()
    {
        using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Event(0) + Event(1) + Event(2).TrimEnd()));
        await new LogFollower(new ReadAs(), _ => { }).ReadAsync(input, "-", _record, (_, _) => Take(), () => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["0", "1", "2"], _seen);
    }

    [Fact]
    public async Task Says_so_where_a_stream_is_no_log()
    {
        using var input = new MemoryStream([0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 3]);
        await Assert.ThrowsAsync<IOException>(() => new LogFollower(new ReadAs(), _ => { }).ReadAsync(input, "-", _record, (_, _) => Take(), () => { }, TestContext.Current.CancellationToken));
    }

    private void Take() => _seen.Enqueue(_record.Text(_record.First(0)));

    private async Task SeenAsync(params string[] expected)
    {
        for (var i = 0; i < 200 && !_seen.SequenceEqual(expected); i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(expected, _seen);
    }

    private static Task AppendAsync(string file, string text) => File.AppendAllTextAsync(file, text, TestContext.Current.CancellationToken);

    private static string Event(int number) => $$"""{"n":{{number}},"text":"an event of an application"}""" + "\n";
}
