using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using Vigie.Store;
using Vigie.Tests.Store;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Tests.Watches.Domains.Feeds;

public sealed class HttpFeedSourceTests : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<HttpRequest> _asked = [];
    private readonly ConcurrentQueue<string?> _conditions = [];
    private readonly AdjustableTime _time = new();
    private TestStore _store = null!;
    private WebApplication _web = null!;
    private FeedSettings _feed = null!;
    private HttpFeedSource? _source;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.SqliteAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(context =>
        {
            _asked.Enqueue(context.Request);
            _conditions.Enqueue(context.Request.Headers.IfNoneMatch.FirstOrDefault() ?? context.Request.Headers.IfModifiedSince.FirstOrDefault());
            return _answer(context);
        });
        await _web.StartAsync(Token);
        _feed = new FeedSettings { Name = "test", Url = new Uri(_web.Urls.First() + "/list") };
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _store.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_text_that_did_not_change_is_not_fetched_again()
    {
        _answer = async context =>
        {
            context.Response.Headers.ETag = "\"1\"";
            if (context.Request.Headers.IfNoneMatch == "\"1\"") context.Response.StatusCode = 304;
            else await context.Response.WriteAsync("a.ml\nb.ml\n");
        };
        Assert.Equal(2, await ReadAsync());
        Assert.Equal(0, await ReadAsync());
        Assert.Equal([null, "\"1\""], _conditions);
    }

    [Fact]
    public async Task The_same_text_from_a_server_without_validators_is_not_read_again_and_another_is()
    {
        var text = "a.ml\nb.ml\n";
        _answer = context => context.Response.WriteAsync(text);
        Assert.Equal(2, await ReadAsync());
        Assert.Equal(0, await ReadAsync());
        text = "a.ml\nb.ml\nc.ml\n";
        Assert.Equal(3, await ReadAsync());
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task The_date_of_change_serves_where_there_is_no_tag()
    {
        _answer = async context =>
        {
            context.Response.Headers.LastModified = "Sat, 21 Nov 2026 10:00:00 GMT";
            if (context.Request.Headers.IfModifiedSince.Count > 0) context.Response.StatusCode = 304;
            else await context.Response.WriteAsync("a.ml\n");
        };
        Assert.Equal(1, await ReadAsync());
        Assert.Equal(0, await ReadAsync());
        Assert.Equal([null, "Sat, 21 Nov 2026 10:00:00 GMT"], _conditions);
    }

    [Fact]
    public async Task Packed_answers_are_unpacked()
    {
        _answer = async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            var memory = new MemoryStream();
            await using (var packed = new GZipStream(memory, CompressionMode.Compress)) await packed.WriteAsync("a.ml\nb.ml\nc.ml"u8.ToArray());
            await context.Response.Body.WriteAsync(memory.ToArray());
        };
        Assert.Equal(3, await ReadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_is_too_large_is_refused_whether_it_says_so_or_not(bool saysSo)
    {
        _feed = _feed with { MaxBytes = 10_000 };
        _answer = async context =>
        {
            if (saysSo) context.Response.ContentLength = 20_000;
            for (var i = 0; i < 20 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(new byte[1000]);
        };
        Assert.Contains("maxBytes", (await Assert.ThrowsAsync<IOException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_refused()
    {
        _answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var reading = ReadAsync();
        while (_asked.IsEmpty) await Task.Delay(5, Token);
        _time.Advance(_feed.Timeout);
        Assert.Contains("took longer", (await Assert.ThrowsAsync<IOException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_within_bounds()
    {
        _answer = context =>
        {
            if (context.Request.Path == "/list") context.Response.Redirect("/moved");
            else return context.Response.WriteAsync("a.ml\n");
            return Task.CompletedTask;
        };
        Assert.Equal(1, await ReadAsync());

        _answer = context =>
        {
            context.Response.Redirect("/again");
            return Task.CompletedTask;
        };
        Assert.Contains("redirects", (await Assert.ThrowsAsync<IOException>(ReadAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(2 + 6, _asked.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/list")]
    public async Task A_redirect_to_anything_but_http_is_refused(string to)
    {
        _answer = context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = to;
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<IOException>(ReadAsync);
    }

    [Fact]
    public async Task A_server_that_says_when_to_come_back_is_heeded()
    {
        _answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "600";
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<IOException>(ReadAsync);
        _answer = context => context.Response.WriteAsync("a.ml\n");
        Assert.Equal(0, await ReadAsync());
        _time.Advance(TimeSpan.FromSeconds(601));
        Assert.Equal(1, await ReadAsync());
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Cut_short_it_goes_on_where_it_was_without_fetching_again()
    {
        _answer = context => context.Response.WriteAsync(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"n{i}.ml\n")));
        var cuts = 0;
        var random = new Random(11);
        for (var done = false; !done;)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var left = random.Next(3000, 12_000);
            try
            {
                await Reader(name =>
                {
                    if (--left != 0) return [];
                    stop.Cancel();
                    throw new OperationCanceledException(stop.Token);
                }).ReadAsync(stop.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                cuts++;
                _source = null;
                await _store.ReopenAsync();
            }
        }

        Assert.True(cuts > 0);
        Assert.Single(_asked);
        Assert.Equal(20_000, (await new FeedTable(_store.Store).LoadAsync(Token))["test"].Lines);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<long> ReadAsync() => Reader(_ => []).ReadAsync(Token);

    private FeedReader Reader(NameLookup lookup) => new(
        _feed, _source ??= new HttpFeedSource(_feed, _folder.Path, FeedHttp.Create(), _time), lookup, _store.Store, new Findings(_store.Store, _time),
        new Positions(_store.Store, _time), new FeedTable(_store.Store), _time, _services.GetRequiredService<IMeterFactory>());
}
