using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vigie.Operations;

namespace Vigie.Tests.Console;

public sealed class ConsoleSettingsTests
{
    [Theory]
    [InlineData("console:\n  listen: 0.0.0.0:8893\n", 2, "console.listen", "passwords would travel in the clear")]
    [InlineData("console:\n  listen: '[::]:443'\n", 2, "console.listen", "console.trustedProxy")]
    [InlineData("console:\n  trustedProxy: [10.0.0.5, proxy.example]\n", 2, "console.trustedProxy", "IP address")]
    [InlineData("console:\n  tls:\n    certificate: /nowhere.pem\n", 3, "console.tls.key", "go together")]
    [InlineData("console:\n  tls:\n    certificate: /nowhere.pem\n    key: /nowhere.key\n", 3, "console.tls.certificate", "no file")]
    [InlineData("console:\n  publicUrl: vigie.example/console\n", 2, "console.publicUrl", "https://")]
    [InlineData("console:\n  timeZone: Mars/Olympus\n", 2, "console.timeZone", "Africa/Bamako")]
    [InlineData("console:\n  sessionIdle: 1s\n", 2, "console.sessionIdle", "from 5m")]
    [InlineData("console:\n  tls:\n    certificat: x\n", 3, "console.tls.certificat", "is not a setting")]
    public void Names_line_and_key_of_what_is_wrong(string yaml, long line, string key, string text)
    {
        Settings.Parse(yaml, Path.GetTempPath(), out var problems);
        Assert.Contains(problems, problem => problem.Line == line && problem.Key == key && problem.Text.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("console:\n  listen: 127.0.0.1:9000\n")]
    [InlineData("console:\n  listen: '[::1]:9000'\n")]
    [InlineData("console:\n  listen: 0.0.0.0:8893\n  trustedProxy: 10.0.0.5\n  publicUrl: https://vigie.example.org\n")]
    public void Takes_what_keeps_passwords_private(string yaml)
    {
        Settings.Parse(yaml, Path.GetTempPath(), out var problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void Refuses_a_key_that_is_not_the_certificates()
    {
        using var folder = new TemporaryFolder();
        var (certificate, _) = Certificates.Make("localhost");
        var (_, otherKey) = Certificates.Make("localhost");
        var yaml = $"console:\n  tls:\n    certificate: {folder.Write("c.pem", certificate)}\n    key: {folder.Write("k.pem", otherKey)}\n";
        Settings.Parse(yaml, folder.Path, out var problems);
        var problem = Assert.Single(problems);
        Assert.Equal("console.tls.certificate", problem.Key);
    }
}

/// <summary>Self-signed certificates for tests.</summary>
internal static class Certificates
{
    public static (string Certificate, string Key) Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
