using System.Net;
using System.Net.Sockets;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Vigie.Tests.Console;

/// <summary>Somebody at a browser without script: keeps cookies, reads pages, fills in forms, follows redirects.</summary>
internal sealed class Visitor : IDisposable
{
    private static int _visitors;

    private readonly IPAddress _address = new([127, 1, .. BitConverter.GetBytes((ushort)Interlocked.Increment(ref _visitors))]);
    private readonly HttpClient _http;

    public Visitor(Uri console, string language = "en")
    {
        Cookies = new CookieContainer();
        _http = new HttpClient(new SocketsHttpHandler
        {
            CookieContainer = Cookies,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = OperatingSystem.IsLinux() && IPAddress.TryParse(console.Host, out var host) && host.Equals(IPAddress.Loopback) ? ConnectAsync : null,
        })
        { BaseAddress = console };
        _http.DefaultRequestHeaders.Add("Accept-Language", language);
        _http.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    public CookieContainer Cookies { get; }

    public HttpClient Http => _http;

    /// <summary>Opens an address, following redirects.</summary>
    public Task<Seen> OpenAsync(string address, CancellationToken ct) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, address), ct);

    /// <summary>Sends the form of a page whose action ends with <paramref name="action"/>, with its hidden fields and tokens.</summary>
    public Task<Seen> SubmitAsync(Seen page, string action, IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        var form = page.Document.QuerySelectorAll("form").OfType<IHtmlFormElement>().FirstOrDefault(f => (f.GetAttribute("action") ?? "").EndsWith(action, StringComparison.Ordinal));
        Assert.True(form is not null, $"{page.Address} has no form to {action}; it has {string.Join(", ", page.Document.QuerySelectorAll("form").Select(f => f.GetAttribute("action")))}");
        var values = form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(input => !string.IsNullOrEmpty(input.Name) && (input.Type is not ("radio" or "checkbox") || input.IsChecked))
            .GroupBy(input => input.Name!).ToDictionary(group => group.Key, group => group.First().Value);
        foreach (var (name, value) in fields) values[name] = value;
        return PostAsync(form.GetAttribute("action")!, values, ct);
    }

    /// <summary>Posts fields as they are: without what a form of the page would add.</summary>
    public Task<Seen> PostAsync(string address, IReadOnlyDictionary<string, string> fields, CancellationToken ct) =>
        FollowAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) }, ct);

    // Each visitor has an address of their own, as people have: the console bounds how often one address may ask.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(_address, 0));
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Seen> FollowAsync(HttpRequestMessage first, CancellationToken ct)
    {
        var response = await _http.SendAsync(first, ct);
        for (var hops = 0; (int)response.StatusCode is >= 300 and < 400; hops++)
        {
            Assert.True(hops < 6, $"too many redirects to {response.Headers.Location}");
            var next = response.Headers.Location!;
            response.Dispose();
            response = await _http.GetAsync(next, ct);
        }

        using (response)
        {
            var html = await response.Content.ReadAsStringAsync(ct);
            var document = await new HtmlParser().ParseDocumentAsync(html, ct);
            return new Seen(response.RequestMessage!.RequestUri!.PathAndQuery, response.StatusCode, response.Headers, html, document);
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A page as it arrived.</summary>
internal sealed record Seen(string Address, HttpStatusCode Status, System.Net.Http.Headers.HttpResponseHeaders Headers, string Html, IHtmlDocument Document)
{
    /// <summary>What a reader reads, blanks collapsed.</summary>
    public string Text => string.Join(' ', (Document.Body?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public string? Heading => Document.QuerySelector("h1")?.TextContent.Trim();

    public string Flash => Document.QuerySelector(".flash")?.TextContent.Trim() ?? "";

    public IElement? Find(string selector) => Document.QuerySelector(selector);
}
