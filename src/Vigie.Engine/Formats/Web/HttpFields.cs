using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>
/// Puts a request into the fields of the Sigma taxonomy for <c>webserver</c> and <c>proxy</c>, whatever log it was read from.
/// Published rules put paths and whole addresses into <c>cs-uri-query</c> as well as queries, and paths as well as addresses into
/// <c>c-uri</c>; so both fields have several values: the part by itself, and the whole.
/// </summary>
internal sealed class HttpFields
{
    private readonly EventField _stem = new("cs-uri-stem");
    private readonly EventField _query = new("cs-uri-query");
    private readonly EventField _serverUri = new("cs-uri");
    private readonly EventField _uri = new("c-uri");
    private readonly EventField _uriStem = new("c-uri-stem");
    private readonly EventField _uriQuery = new("c-uri-query");
    private readonly EventField _extension = new("c-uri-extension");
    private readonly EventField _serverExtension = new("cs-uri-extension");
    private readonly EventField _domain = new("r-dns");
    private readonly EventField _proxyHost = new("cs-host");
    private readonly EventField _url = new("url");

    /// <summary>Adds what follows from the request's target: path, query, extension, whole address.</summary>
    /// <param name="record">The event.</param>
    /// <param name="target">The target as the client sent it: a path, an address, or <c>host:port</c>; must stay valid.</param>
    /// <param name="start">Where it lies, as <see cref="EventRecord.Add"/> takes it.</param>
    /// <param name="host">The host it was sent to; empty when not known.</param>
    /// <param name="isTls">Whether it came over TLS, for the whole address.</param>
    public void AddTarget(EventRecord record, ReadOnlySpan<byte> target, int start, ReadOnlySpan<byte> host, bool isTls = false)
    {
        var path = PathStart(target, out var authority);
        var question = target[path..].IndexOf((byte)'?');
        var stem = question < 0 ? target[path..] : target.Slice(path, question);

        var stemField = _stem.Add(record, At(start, path), stem.Length);
        _uriStem.Alias(record, stemField);
        if (question < 0)
        {
            _query.Add(record, 0, 0, FieldKind.Null);
        }
        else
        {
            var query = _query.Add(record, At(start, path + question + 1), target.Length - path - question - 1);
            _uriQuery.Alias(record, query);
        }

        AddWhole(record, target, start, host, isTls, authority.IsEmpty);
        if (!authority.IsEmpty)
        {
            var name = HostOf(authority);
            if (host.IsEmpty) _proxyHost.Derive(record, name);
            if (_domain.IsRead(record)) _domain.Derive(record, name);
        }
        else if (!host.IsEmpty && _domain.IsRead(record))
        {
            _domain.Derive(record, HostOf(host));
        }

        AddExtension(record, stem);
    }

    /// <summary>Adds the whole request where path and query were logged apart (W3C).</summary>
    public void AddParts(EventRecord record, ReadOnlySpan<byte> stem, ReadOnlySpan<byte> query, ReadOnlySpan<byte> host)
    {
        var length = stem.Length + 1 + query.Length;
        Span<byte> whole = length <= 2048 ? stackalloc byte[2048] : new byte[length];
        stem.CopyTo(whole);
        length = stem.Length;
        if (!query.IsEmpty)
        {
            whole[length] = (byte)'?';
            query.CopyTo(whole[(length + 1)..]);
            length += 1 + query.Length;
        }

        var start = record.Write(whole[..length]);
        AddWhole(record, whole[..length], start, host, isTls: false, isRelative: PathStart(stem, out var authority) == 0 && authority.IsEmpty);
        if (!host.IsEmpty && _domain.IsRead(record)) _domain.Derive(record, HostOf(host));
        AddExtension(record, stem);
    }

    /// <summary>Where the path begins: after the host of a whole address; 0 for a path.</summary>
    public static int PathStart(ReadOnlySpan<byte> target, out ReadOnlySpan<byte> authority)
    {
        authority = [];
        var scheme = target.IndexOf("://"u8);
        if (scheme is <= 0 or > 10 || target[..scheme].IndexOfAny((byte)'/', (byte)'?') >= 0) return 0;
        var rest = target[(scheme + 3)..];
        var end = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        authority = end < 0 ? rest : rest[..end];
        return scheme + 3 + authority.Length;
    }

    /// <summary>The host of <c>user@host:port</c>, an IPv6 address without its brackets.</summary>
    public static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> authority)
    {
        var at = authority.LastIndexOf((byte)'@');
        if (at >= 0) authority = authority[(at + 1)..];
        if (authority.StartsWith("["u8))
        {
            var close = authority.IndexOf((byte)']');
            return close < 0 ? authority : authority[1..close];
        }

        var colon = authority.IndexOf((byte)':');
        return colon >= 0 && authority.LastIndexOf((byte)':') == colon ? authority[..colon] : authority;
    }

    private void AddWhole(EventRecord record, ReadOnlySpan<byte> target, int start, ReadOnlySpan<byte> host, bool isTls, bool isRelative)
    {
        if (_query.IsRead(record)) _query.Add(record, start, target.Length);
        var uri = _uri.Add(record, start, target.Length);
        _serverUri.Alias(record, uri);
        if (!isRelative)
        {
            _url.Alias(record, uri);
            return;
        }

        if (host.IsEmpty || (!_uri.IsRead(record) && !_serverUri.IsRead(record) && !_url.IsRead(record))) return;
        var scheme = isTls ? "https://"u8 : "http://"u8;
        var length = scheme.Length + host.Length + target.Length;
        Span<byte> whole = length <= 2048 ? stackalloc byte[2048] : new byte[length];
        scheme.CopyTo(whole);
        host.CopyTo(whole[scheme.Length..]);
        target.CopyTo(whole[(scheme.Length + host.Length)..]);
        var field = _uri.Derive(record, whole[..length]);
        _serverUri.Alias(record, field);
        _url.Alias(record, field);
    }

    private void AddExtension(EventRecord record, ReadOnlySpan<byte> stem)
    {
        if (!_extension.IsRead(record) && !_serverExtension.IsRead(record)) return;
        var name = stem[(stem.LastIndexOf((byte)'/') + 1)..];
        var dot = name.LastIndexOf((byte)'.');
        if (dot < 0 || dot == name.Length - 1 || name.Length - dot > 16) return;
        Span<byte> extension = stackalloc byte[16];
        name[(dot + 1)..].CopyTo(extension);
        var field = _extension.Derive(record, extension[..(name.Length - dot - 1)]);
        _serverExtension.Alias(record, field);
    }

    // A negative start counts down: the value lies beside the event, see EventRecord.Write.
    private static int At(int start, int offset) => start >= 0 ? start + offset : ~(~start + offset);
}
