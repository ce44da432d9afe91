using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Vigie.Operations;
using Vigie.Operations.Smtp;

namespace Vigie.Incidents.Notifications;

/// <summary>A channel did not take a notification. What it says holds no secret: it is shown and logged.</summary>
internal sealed class NotificationNotSentException(string message) : Exception(message);

/// <summary>Hands one notification to its channel.</summary>
internal sealed class NotificationSender : IDisposable
{
    private const int MaxProblem = 300;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly NotifyChannel _channel;
    private readonly TimeProvider _time;
    private readonly HttpClient? _http;

    /// <param name="channel">The channel.</param>
    /// <param name="time">For the date and the time stamp.</param>
    public NotificationSender(NotifyChannel channel, TimeProvider time)
    {
        (_channel, _time) = (channel, time);
        if (channel.Url is { } url) _http = Http(url, channel);
    }

    /// <summary>Sends it.</summary>
    /// <returns>What is worth knowing although it was taken; null for nothing.</returns>
    /// <exception cref="NotificationNotSentException">It was not taken.</exception>
    public async Task<string?> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        if (_http is not null)
        {
            await PostAsync(_http, notification, cancellationToken).ConfigureAwait(false);
            return null;
        }

        try
        {
            var host = _channel.From[(_channel.From.IndexOf('@', StringComparison.Ordinal) + 1)..];
            var message = new MailMessage($"{notification.Id}.vigie@{host}", _channel.From, _channel.To, notification.Subject, notification.Body);
            var refused = await SmtpSubmission.SendAsync(_channel.Server!, _channel.To, message.ToBytes(_time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            return refused.Count == 0 ? null : Shortened($"Not taken for {string.Join("; ", refused)}");
        }
        catch (SmtpSubmissionException e)
        {
            throw new NotificationNotSentException(Shortened(e.Message));
        }
    }

    /// <summary>The value of <c>X-Vigie-Signature</c>: HMAC-SHA256 over the time stamp, a dot and the body, in lower-case hexadecimal.</summary>
    public static string SignatureOf(ReadOnlySpan<byte> secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        return "v1=" + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    public void Dispose() => _http?.Dispose();

    private async Task PostAsync(HttpClient http, Notification notification, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(notification.Body);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, _channel.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("Idempotency-Key", notification.Id);
        request.Headers.Add("X-Vigie-Event", NotificationWriter.EventOf(notification.Kind));
        request.Headers.Add("X-Vigie-Timestamp", timestamp);
        request.Headers.Add("X-Vigie-Signature", SignatureOf(_channel.Secret.AsSpan(), timestamp, body));
        var host = _channel.Url!.Host;
        try
        {
            // What it says in its body is nobody's business here, and may be endless.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return;
            var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            throw new NotificationNotSentException((int)response.StatusCode is >= 300 and < 400 ? $"{host} answered {code}: redirects are not followed." : $"{host} answered {code}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotificationNotSentException($"{host} did not answer in time.");
        }
        catch (HttpRequestException e)
        {
            // Its own message may name the address, and the address may hold a token.
            throw new NotificationNotSentException($"{host} cannot be reached ({e.HttpRequestError}).");
        }
    }

    private static HttpClient Http(Uri url, NotifyChannel channel)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = TrustedAuthorities.For(url.Host, channel.Authorities),
        };
        var http = new HttpClient(handler) { Timeout = Timeout };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Vigie", NodeMetrics.Version.Split('+')[0]));
        return http;
    }

    private static string Shortened(string text)
    {
        var line = string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= MaxProblem ? line : line[..MaxProblem] + "…";
    }
}
