using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Vigie.Operations;

namespace Vigie.Console;

/// <summary>
/// The console's certificate, read again when its files change, so that a renewal needs no restart. Files that do not
/// fit together (a renewal half written) leave the present certificate in use.
/// </summary>
internal sealed class CertificateFiles(TlsFiles files, TimeProvider time, ILogger<CertificateFiles> log)
{
    // Looked at when somebody connects, and at most this often; watching files fails silently on links and mounts.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _current;
    private (DateTime, DateTime) _stamp;
    private DateTimeOffset _looked;

    /// <summary>When the certificate in use expires (UTC).</summary>
    public DateTimeOffset Expires => new(Current().TargetCertificate.NotAfter);

    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_current is not null && now - _looked < LookEvery) return _current;
            _looked = now;

            var stamp = (File.GetLastWriteTimeUtc(files.Certificate), File.GetLastWriteTimeUtc(files.Key));
            if (_current is null) _current = Load();
            else if (stamp != _stamp) _current = TryReload() ?? _current;
            _stamp = stamp;
            return _current;
        }
    }

    private SslStreamCertificateContext? TryReload()
    {
        try
        {
            var loaded = Load();
            log.CertificateReloaded(loaded.TargetCertificate.Subject, loaded.TargetCertificate.NotAfter);
            return loaded;
        }
        catch (Exception e) when (TlsFiles.IsUnreadable(e))
        {
            log.CertificateNotReloaded(files.Certificate, e.Message);
            return null;
        }
    }

    // The file may hold the chain after the leaf; clients that do not know the issuer need it.
    private SslStreamCertificateContext Load()
    {
        var leaf = files.Load();
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.Certificate);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }
}
