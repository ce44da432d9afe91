using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Vigie.Operations.Smtp;

/// <summary>How a connection to a mail server is protected.</summary>
public enum SmtpTls
{
    /// <summary>Not at all: for a server on this machine.</summary>
    None,

    /// <summary>Begun in the clear and then secured (RFC 3207); never continued in the clear.</summary>
    StartTls,

    /// <summary>From the first byte (RFC 8314 §3.3).</summary>
    Implicit,
}

/// <summary>A mail server that takes our messages.</summary>
/// <param name="Host">A name or an address; a certificate must be made out to it.</param>
/// <param name="Port">TCP port.</param>
internal sealed record SmtpServer(string Host, int Port)
{
    /// <summary>The server at an end point, in the clear.</summary>
    public SmtpServer(IPEndPoint endPoint)
        : this(endPoint.Address.ToString(), endPoint.Port)
    {
    }

    public SmtpTls Tls { get; init; }

    /// <summary>The name to log in with; null where the server wants none.</summary>
    public string? User { get; init; }

    /// <summary>The password that goes with it. Never written anywhere.</summary>
    public string Password { get; init; } = "";

    /// <summary>Certificates of an authority of one's own, trusted beside those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>Whom a TLS connection that we open believes.</summary>
internal static class TrustedAuthorities
{
    /// <summary>Options for a connection to a host: its certificate must be valid, made out to it, and lead to a trusted authority.</summary>
    /// <param name="host">The name that was asked for.</param>
    /// <param name="own">Authorities beside those of the system; null for none.</param>
    public static SslClientAuthenticationOptions For(string host, X509Certificate2Collection? own)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (own is { Count: > 0 }) options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, own);
        return options;
    }

    // What the system does not trust may still lead to an authority of one's own; a wrong name stays wrong.
    private static bool IsTrusted(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors, X509Certificate2Collection own)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(own);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
        return chain.Build(leaf);
    }
}
