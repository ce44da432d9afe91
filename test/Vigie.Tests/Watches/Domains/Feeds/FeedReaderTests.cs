using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Text;
using Vigie.Engine.Findings;
using Vigie.Store;
using Vigie.Tests.Store;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Tests.Watches.Domains.Feeds;

public abstract class FeedReaderBody : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private TestStore _store = null!;
    private FeedSettings _feed = null!;
    private FileFeedSource? _source;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _feed = new FeedSettings { Name = "test", File = _folder.Combine("names.txt") };
    }

    protected abstract Task<TestStore> OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_that_grows_is_read_on_from_where_it_was()
    {
        Write("a.ml\nx1.bad.ml\n");
        Assert.Equal(2, await ReadAsync());
        Append("x2.bad.ml\nb.ml\n");
        Assert.Equal(2, await ReadAsync());
        Assert.Equal(0, await ReadAsync());
        Assert.Equal(["x1.bad.ml", "x2.bad.ml"], await FoundAsync());
        var status = await StatusAsync();
        Assert.Equal((4, 4, 2, 0, 0), (status.Lines, status.Names, status.Matches, status.Malformed, status.Behind ?? -1));
    }

    [Fact]
    public async Task The_beginning_of_a_line_waits_for_its_rest_and_is_read_when_no_more_comes()
    {
        Write("a.ml\nx1.ba");
        Assert.Equal(1, await ReadAsync());
        Append("d.ml");
        Assert.Equal(0, await ReadAsync());
        Assert.Equal(1, await ReadAsync());
        Assert.Equal(["x1.bad.ml"], await FoundAsync());
    }

    [Fact]
    public async Task After_a_rotation_the_rest_of_the_old_file_is_read_and_then_the_new()
    {
        Write("x1.bad.ml\n");
        await ReadAsync();
        Append("x2.bad.ml\n");
        File.Move(_feed.File!, _feed.File + ".1");
        Write("x3.bad.ml\n");
        Assert.Equal(2, await ReadAsync());
        Assert.Equal(["x1.bad.ml", "x2.bad.ml", "x3.bad.ml"], await FoundAsync());
        Assert.Equal(0, await ReadAsync());
    }

    [Fact]
    public async Task A_truncated_or_replaced_file_is_read_from_its_start()
    {
        Write("x1.bad.ml\nx2.bad.ml\n");
        await ReadAsync();
        Write("x3.bad.ml\n");
        Assert.Equal(1, await ReadAsync());
        Write("x4.bad.ml\nx5.bad.ml\nx6.bad.ml\n");
        Assert.Equal(3, await ReadAsync());
        Assert.Equal(6, (await FoundAsync()).Count);
    }

    [Fact]
    public async Task Packed_files_are_read_once_and_read_again_when_they_are_replaced()
    {
        WritePacked("x1.bad.ml\nx2.bad.ml");
        Assert.Equal(2, await ReadAsync());
        Assert.Equal(0, await ReadAsync());
        WritePacked("x1.bad.ml\nx2.bad.ml\nx3.bad.ml");
        Assert.Equal(3, await ReadAsync());
        Assert.Equal(3, (await FoundAsync()).Count);
    }

    [Fact]
    public async Task A_packed_file_that_unpacks_to_more_than_allowed_is_refused()
    {
        _feed = _feed with { MaxUnpackedBytes = 1_000_000 };
        WritePacked(new string('\n', 5_000_000));
        var fault = await Assert.ThrowsAsync<IOException>(ReadAsync);
        Assert.Contains("maxUnpackedBytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_packed_file_is_refused()
    {
        WritePacked(string.Concat(Enumerable.Range(0, 2000).Select(i => $"a{i}.ml\n")));
        var bytes = await File.ReadAllBytesAsync(_feed.File!, Token);
        bytes.AsSpan(40, 20).Fill(0xFF);
        await File.WriteAllBytesAsync(_feed.File!, bytes, Token);
        await Assert.ThrowsAsync<IOException>(ReadAsync);
    }

    [Fact]
    public async Task A_missing_file_is_an_error_that_is_recorded()
    {
        var fault = await Assert.ThrowsAsync<FileNotFoundException>(ReadAsync);
        await Reader().FailAsync(fault.Message, Token);
        Assert.True((await StatusAsync()).IsFailing);
        Write("a.ml\n");
        await ReadAsync();
        Assert.False((await StatusAsync()).IsFailing);
    }

    [Fact]
    public async Task Malformed_lines_are_counted_and_the_latest_are_kept()
    {
        _feed = _feed with { MaxLineBytes = 1000 };
        Write("a.ml\nnot a name\n..\n" + new string('y', 5000) + ".ml\nb.ml\n");
        await ReadAsync();
        var status = await StatusAsync();
        Assert.Equal((5, 3), (status.Lines, status.Malformed));
        Assert.Equal(["more than a name on the line", "not a domain name", "longer than maxLineBytes (1000)"], status.Samples.Select(s => s.Problem));
        Assert.All(status.Samples, s => Assert.InRange(s.Line.Length, 1, 200));
    }

    [Fact]
    public async Task Columns_are_known_again_when_reading_goes_on_in_the_middle()
    {
        _feed = _feed with { Format = FeedFormat.Csv, Column = "domain" };
        Write("\uFEFFdomain;rank\nx1.bad.ml;1\n");
        await ReadAsync();
        Append("x2.bad.ml;2\n");
        await ReadAsync();
        Assert.Equal(["x1.bad.ml", "x2.bad.ml"], await FoundAsync());
        Assert.Equal(0, (await StatusAsync()).Malformed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Cut_short_anywhere_and_rotated_meanwhile_every_line_counts_exactly_once(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        var written = 0;
        var rotations = 0;
        Write("");
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(6))
            {
                case 0 when written > 0:
                    // Reading has to have got somewhere in between, or two rotations look like one.
                    await ReadToTheEndAsync();
                    AppendSome(5);
                    File.Move(_feed.File!, $"{_feed.File}.{++rotations}");
                    Write($"first-of-{rotations}.ml\n");
                    written++;
                    break;
                case 1 or 2:
                    AppendSome(random.Next(1, 3000));
                    break;
                default:
                    await ReadAndCutAsync();
                    break;
            }
        }

        await ReadToTheEndAsync();
        var status = await StatusAsync();
        Assert.True(status.Lines == written, $"seed {seed}: {status.Lines} of {written}");
        Assert.True(expected.SetEquals(await FoundAsync()), $"seed {seed}");

        void AppendSome(int count)
        {
            var text = new StringBuilder();
            for (var i = 0; i < count; i++, written++)
            {
                var bad = random.Next(50) == 0;
                var name = bad ? $"n{written}.bad.ml" : $"n{written}.good.ml";
                if (bad) expected.Add(name);
                text.Append(name).Append('\n');
            }

            Append(text.ToString());
        }

        async Task ReadAndCutAsync()
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var left = random.Next(4000);
            try
            {
                await Reader(name => Interlocked.Decrement(ref left) == 0 ? Stop() : Lookup(name)).ReadAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                _source = null;
                await _store.ReopenAsync();
            }

            IReadOnlyList<NameMatch>? Stop()
            {
                stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
                return null;
            }
        }

        async Task ReadToTheEndAsync()
        {
            while (await ReadAsync() > 0)
            {
            }
        }
    }

    [Fact]
    public async Task One_bad_line_of_each_kind_stops_nothing()
    {
        await File.WriteAllBytesAsync(_feed.File!, [.. "a.ml\n"u8, 0xFF, 0xFE, (byte)'\n', 0, (byte)'\n', .. "{\"data\":\n[[[[\nx1.bad.ml\n"u8], Token);
        await ReadAsync();
        Assert.Equal(["x1.bad.ml"], await FoundAsync());
        Assert.Equal(4, (await StatusAsync()).Malformed);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IReadOnlyList<NameMatch>? Lookup(string name)
    {
        if (!Vigie.Watches.Domains.Dns.DnsName.TryParse(name, out _)) return null;
        return name.EndsWith(".bad.ml", StringComparison.Ordinal) ? [new NameMatch(name, name, "army.mil", "TldTypo", 1e-3, 0.9, new("Like it.", "Semblable."))] : [];
    }

    private void Write(string text) => File.WriteAllText(_feed.File!, text);

    private void Append(string text) => File.AppendAllText(_feed.File!, text);

    private void WritePacked(string text)
    {
        using var file = File.Create(_feed.File!);
        using var packed = new GZipStream(file, CompressionLevel.Optimal);
        packed.Write(Encoding.UTF8.GetBytes(text));
    }

    private Task<long> ReadAsync() => Reader().ReadAsync(Token);

    // The source remembers what it saw, as in a node that runs on.
    private FeedReader Reader(NameLookup? lookup = null) => new(
        _feed, _source ??= new FileFeedSource(_feed), lookup ?? Lookup, _store.Store, new Findings(_store.Store, TimeProvider.System),
        new Positions(_store.Store, TimeProvider.System), new FeedTable(_store.Store), TimeProvider.System, _services.GetRequiredService<IMeterFactory>());

    private async Task<FeedStatus> StatusAsync() => (await new FeedTable(_store.Store).LoadAsync(Token))[_feed.Name];

    private async Task<IReadOnlyList<string>> FoundAsync()
    {
        var found = new List<string>();
        Cursor? after = null;
        do
        {
            var page = await new Findings(_store.Store, TimeProvider.System).SearchAsync(new FindingQuery { Limit = 500, Detector = FeedFindings.Seen, After = after }, Token);
            found.AddRange(page.Items.Select(f => f.Entities.First(e => e.Kind == EntityKinds.Domain).Value));
            after = page.Next;
        }
        while (after is not null);
        return [.. found.Order(StringComparer.Ordinal)];
    }
}

public sealed class FeedReaderTests : FeedReaderBody
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

[Collection("acceptance")]
public sealed class FeedReaderOnPostgreSqlTests(PostgreSqlServer server) : FeedReaderBody
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}
