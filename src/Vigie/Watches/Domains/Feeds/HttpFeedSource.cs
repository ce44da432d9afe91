using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>
/// A text at an HTTP address: fetched whole when it changed (ETag, Last-Modified), within bounds of size, time and
/// redirects, into a file from which it is read; the file makes reading go on after a restart without fetching again.
/// </summary>
internal sealed class HttpFeedSource(FeedSettings feed, string folder, HttpMessageInvoker http, TimeProvider time) : IFeedSource
{
    private const int MaxRedirects = 5;

    private DateTimeOffset _notBefore;
    private bool _asked;

    public void Look() => _asked = false;

    public async Task<FeedText?> OpenAsync(FeedPosition? position, CancellationToken ct)
    {
        // Cut short: the text is still here, or is fetched again and read from its start.
        if (position is { Complete: false, Body: { } body } && File.Exists(PathOf(body)))
        {
            _asked = true;
            return await OpenBodyAsync(body, position.Validators, position, ct).ConfigureAwait(false);
        }

        if (_asked || time.GetUtcNow() < _notBefore) return null;
        _asked = true;
        if (await FetchAsync(position is { Complete: true } ? position.Validators : null, ct).ConfigureAwait(false) is not { } fetched) return null;
        // Servers without validators send the same text again and again.
        if (position is { Complete: true } && position.Body == fetched.Body) return null;
        var goOn = position is { Complete: false } && position.Body == fetched.Body ? position : null;
        return await OpenBodyAsync(fetched.Body, fetched.Validators, goOn, ct).ConfigureAwait(false);
    }

    private async Task<FeedText> OpenBodyAsync(string body, Validators? validators, FeedPosition? position, CancellationToken ct)
    {
        var text = await FeedText.OpenAsync(PathOf(body), position, isFinal: true, feed, ct).ConfigureAwait(false);
        return text with { Start = text.Start with { Body = body, Validators = validators } };
    }

    private string PathOf(string body) => Path.Combine(folder, $"{feed.Name}.{Path.GetFileName(body)}.body");

    /// <summary>The text's hash and validators; null where it did not change.</summary>
    private async Task<(string Body, Validators? Validators)?> FetchAsync(Validators? known, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(feed.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await SendAsync(known, either.Token).ConfigureAwait(false);
            return response.StatusCode switch
            {
                HttpStatusCode.NotModified => null,
                HttpStatusCode.OK => (await SaveAsync(response, either.Token).ConfigureAwait(false), ValidatorsOf(response)),
                _ => throw Refused(response),
            };
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"{feed.Url} cannot be fetched: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{feed.Url} took longer than {feed.Timeout.TotalSeconds:0} s");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Validators? known, CancellationToken ct)
    {
        var address = feed.Url!;
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(address, known);
            var response = await http.SendAsync(request, ct).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return response;

            using var redirect = response;
            address = Follow(address, response.Headers.Location, redirects);
        }
    }

    private static Uri Follow(Uri from, Uri? location, int redirects)
    {
        if (redirects >= MaxRedirects) throw new IOException($"more than {MaxRedirects} redirects");
        if (location is null) throw new IOException($"{from} redirects without saying where");
        var to = new Uri(from, location);
        if (to.Scheme is not ("http" or "https")) throw new IOException($"{from} redirects to {to.Scheme}:, which is not followed");
        if (from.Scheme == "https" && to.Scheme == "http") throw new IOException($"{from} redirects to an address without TLS, which is not followed");
        return to;
    }

    private static HttpRequestMessage Request(Uri address, Validators? known)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Vigie", null));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        if (known?.ETag is { } etag) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        if (known?.LastModified is { } modified) request.Headers.TryAddWithoutValidation("If-Modified-Since", modified);
        return request;
    }

    private static Validators? ValidatorsOf(HttpResponseMessage response)
    {
        var etag = response.Headers.ETag?.ToString();
        var modified = response.Content.Headers.LastModified?.ToString("r", CultureInfo.InvariantCulture);
        return etag is null && modified is null ? null : new Validators(etag, modified);
    }

    // Written beside and renamed, so that a file with the name is always the whole text; older texts go.
    private async Task<string> SaveAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > feed.MaxBytes) throw TooLarge();
        Directory.CreateDirectory(folder);
        var part = Path.Combine(folder, $"{feed.Name}.part");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        await using (var content = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false))
        {
            var buffer = new byte[64 * 1024];
            while (await content.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var read)
            {
                if (file.Length + read > feed.MaxBytes) throw TooLarge();
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
            }
        }

        var body = Convert.ToHexStringLower(hash.GetHashAndReset());
        foreach (var old in Directory.EnumerateFiles(folder, $"{feed.Name}.*.body")) File.Delete(old);
        File.Move(part, PathOf(body), overwrite: true);
        return body;
    }

    private IOException TooLarge() => new($"{feed.Url} is larger than maxBytes ({feed.MaxBytes} bytes)");

    private IOException Refused(HttpResponseMessage response)
    {
        // RFC 9110 §10.2.3: a server that says when to come back is heeded, within a day.
        var after = response.Headers.RetryAfter;
        var pause = after?.Delta ?? (after?.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
        if (pause > TimeSpan.FromDays(1)) pause = TimeSpan.FromDays(1);
        if (pause > TimeSpan.Zero) _notBefore = time.GetUtcNow() + pause;
        return new IOException($"{feed.Url} answered {(int)response.StatusCode}");
    }
}
