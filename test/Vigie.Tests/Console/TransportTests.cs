using System.Net;
using System.Net.Security;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Console;

public sealed class TransportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_certificate_cookies_insist_on_TLS_and_a_renewed_one_is_taken_up()
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = Certificates.Make("localhost");
        var yaml = $"console:\n  tls:\n    certificate: {folder.Write("c.pem", certificate)}\n    key: {folder.Write("k.pem", key)}\n";
        await using var node = await RunningNode.StartAsync(yaml, cancellationToken: Token);
        var first = await SeenAsync(node, Token);
        Assert.Contains("max-age=31536000", first.HstsHeader, StringComparison.Ordinal);
        Assert.All(first.Cookies, cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        });

        // Half a renewal: the key does not fit yet, and the certificate before stays in use.
        var (renewed, renewedKey) = Certificates.Make("localhost");
        folder.Write("c.pem", renewed);
        var deadline = DateTime.UtcNow.AddSeconds(60);
        await Task.Delay(TimeSpan.FromSeconds(6), Token);
        Assert.Equal(first.Thumbprint, (await SeenAsync(node, Token)).Thumbprint);

        folder.Write("k.pem", renewedKey);
        string thumbprint;
        do
        {
            await Task.Delay(500, Token);
            thumbprint = (await SeenAsync(node, Token)).Thumbprint;
        }
        while (thumbprint == first.Thumbprint && DateTime.UtcNow < deadline);
        Assert.NotEqual(first.Thumbprint, thumbprint);
    }

    [Fact]
    public async Task Only_the_named_proxy_is_believed()
    {
        await using var trusted = await RunningNode.StartAsync("console:\n  trustedProxy: 127.0.0.1\n", cancellationToken: Token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(trusted, "https"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(trusted, "http"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(trusted, null));

        await using var other = await RunningNode.StartAsync("console:\n  trustedProxy: 192.0.2.1\n", cancellationToken: Token);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(other, "https"));
    }

    [Fact]
    public async Task Health_stays_reachable_beside_the_proxy()
    {
        await using var node = await RunningNode.StartAsync("console:\n  trustedProxy: 192.0.2.1\n", cancellationToken: Token);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.GetAsync("/healthz", Token)).StatusCode);
    }

    [Fact]
    public async Task Key_files_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no mode here");
        if (OperatingSystem.IsWindows()) return; // The analyzer does not know that the line above ends the test.
        await using var node = await RunningNode.StartAsync(cancellationToken: Token);
        await node.Client.GetAsync("/login", Token);
        var keys = Path.Combine(node.Settings.DataDirectory, "keys");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        Assert.NotEmpty(Directory.EnumerateFiles(keys, "*.xml"));
        foreach (var file in Directory.EnumerateFiles(keys)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningNode node, string? forwardedScheme)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login");
        if (forwardedScheme is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", forwardedScheme);
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        }

        using var response = await node.Client.SendAsync(request, Token);
        return response.StatusCode;
    }

    private static async Task<(string Thumbprint, IReadOnlyList<string> Cookies, string HstsHeader)> SeenAsync(RunningNode node, CancellationToken ct)
    {
        var thumbprint = "";
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    thumbprint = certificate!.GetCertHashString();
                    return certificate.Subject == "CN=localhost";
                },
            },
        });
        using var response = await client.GetAsync(new Uri(node.Client.BaseAddress!, "/login"), ct);
        response.EnsureSuccessStatusCode();
        return (thumbprint, [.. response.Headers.GetValues("Set-Cookie")], response.Headers.GetValues("Strict-Transport-Security").Single());
    }
}
