using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Vigie.Console;

/// <summary>
/// The console's style sheet, script and icon: embedded in the assembly, compressed once at start, named by content, so
/// that browsers may keep them for good.
/// </summary>
internal sealed class Assets
{
    private const string Prefix = "assets/";

    private readonly FrozenDictionary<string, Asset> _byUrlName;
    private readonly FrozenDictionary<string, string> _urls;

    public Assets()
    {
        var assembly = typeof(Assets).Assembly;
        var assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Read(name[Prefix.Length..], assembly.GetManifestResourceStream(name)!))
            .ToList();
        _byUrlName = assets.ToFrozenDictionary(asset => asset.UrlName);
        _urls = assets.ToFrozenDictionary(asset => asset.Name, asset => $"/assets/{asset.UrlName}");
    }

    /// <summary>The address of an asset.</summary>
    public string this[string name] => _urls[name];

    /// <summary>The address of an asset that may not have been built in; null where it was not.</summary>
    public string? Find(string name) => _urls.GetValueOrDefault(name);

    public async Task ServeAsync(HttpContext http)
    {
        if (http.Request.RouteValues["name"] is not string name || !_byUrlName.TryGetValue(name, out var asset))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        http.Response.ContentType = asset.ContentType;
        var (encoding, body) = asset.For(http.Request.Headers.AcceptEncoding.ToString());
        if (encoding is not null) headers.ContentEncoding = encoding;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static Asset Read(string name, Stream stream)
    {
        using var buffer = new MemoryStream();
        using (stream) stream.CopyTo(buffer);
        var plain = buffer.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(plain))[..12];
        var extension = Path.GetExtension(name);
        return new Asset(
            name,
            $"{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}",
            ContentTypeOf(extension),
            plain,
            Compress(plain, output => new BrotliStream(output, CompressionLevel.Optimal)),
            Compress(plain, output => new GZipStream(output, CompressionLevel.Optimal)));
    }

    private static byte[] Compress(byte[] plain, Func<Stream, Stream> compressor)
    {
        using var output = new MemoryStream();
        using (var stream = compressor(output)) stream.Write(plain);
        return output.ToArray();
    }

    private static string ContentTypeOf(string extension) => extension switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"no content type for an asset that ends in {extension}"),
    };

    private sealed record Asset(string Name, string UrlName, string ContentType, byte[] Plain, byte[] Brotli, byte[] Gzip)
    {
        // q=0 for one encoding while accepting another is not worth a parser: no browser sends it.
        public (string? Encoding, byte[] Body) For(string accepted) =>
            accepted.Contains("br", StringComparison.Ordinal) ? ("br", Brotli)
            : accepted.Contains("gzip", StringComparison.Ordinal) ? ("gzip", Gzip)
            : (null, Plain);
    }
}
