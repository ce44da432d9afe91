using System.Security.Cryptography;
using System.Text;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>Who may send: the <c>id:secret</c> lines of a file, read again when it has changed.</summary>
internal sealed class BulkKeys(string? file, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private byte[][] _hashes = [];
    private DateTime _written;
    private DateTimeOffset _looked;

    /// <summary>Whether a request with this Authorization header may send. Takes as long for every wrong one.</summary>
    public bool Admits(string? authorization)
    {
        if (file is null) return true;
        Look();
        if (authorization is null || Secret(authorization) is not { } secret) return false;
        var hash = SHA256.HashData(secret);
        var known = false;
        foreach (var candidate in _hashes) known |= CryptographicOperations.FixedTimeEquals(candidate, hash);
        return known;
    }

    // Basic (RFC 7617) and Elasticsearch's ApiKey both carry base64 of "name:secret"; newer clients send ApiKey ready made.
    private static byte[]? Secret(string authorization)
    {
        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var scheme = authorization.AsSpan(0, space);
        if (!scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && !scheme.Equals("ApiKey", StringComparison.OrdinalIgnoreCase)) return null;
        var text = authorization.AsSpan(space + 1).Trim();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var length) ? bytes[..length] : null;
    }

    private void Look()
    {
        var now = time.GetUtcNow();
        if (now - _looked < LookEvery) return;
        _looked = now;
        try
        {
            var written = File.GetLastWriteTimeUtc(file!);
            if (written == _written) return;
            _hashes = [.. File.ReadLines(file!).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(line => SHA256.HashData(Encoding.UTF8.GetBytes(line)))];
            _written = written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // While it cannot be read, nobody is admitted who was not before.
        }
    }
}
