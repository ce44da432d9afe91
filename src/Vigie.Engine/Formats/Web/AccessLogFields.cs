using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>
/// Puts an access log line (<see cref="AccessLogLine"/>) into fields, wherever the line was found. Escapes (<c>\"</c>, <c>\x22</c>) are
/// resolved in request, referer and user agent.
/// </summary>
internal sealed class AccessLogFields
{
    private readonly EventField _vhost = new("cs-host");
    private readonly EventField _client = new("c-ip");
    private readonly EventField _source = new("src_ip");
    private readonly EventField _user = new("cs-username");
    private readonly EventField _request = new("request");
    private readonly EventField _method = new("cs-method");
    private readonly EventField _version = new("cs-version");
    private readonly EventField _status = new("sc-status");
    private readonly EventField _bytes = new("sc-bytes");
    private readonly EventField _referer = new("cs-referer");
    private readonly EventField _referrer = new("cs-referrer");
    private readonly EventField _agent = new("cs-user-agent");
    private readonly EventField _proxyAgent = new("c-useragent");
    private readonly EventField _rest = new("rest");
    private readonly HttpFields _http = new();
    private byte[] _unescaped = new byte[1024];

    private int _requestStart;

    /// <summary>Adds the fields and sets time and class; false, with nothing added, when it is no such line.</summary>
    public bool TryAdd(byte[] buffer, int start, int length, EventRecord record)
    {
        var line = new LogLine(buffer, start, length, 0, 0, 0, false);
        var text = line.Span;
        if (!AccessLogLine.TryParse(text, out var parts)) return false;
        if (TimeText.TryCommonLog(text[parts.Time], out var time)) record.Time = time;

        var host = HttpFields.HostOf(text[parts.VirtualHost]);
        if (!host.IsEmpty) _vhost.Add(record, line.Start, host.Length);
        _source.Alias(record, Add(_client, line, parts.Client, record));
        Add(_user, line, parts.User, record);
        Add(_status, line, parts.Status, record);
        Add(_bytes, line, parts.Bytes, record);
        _referrer.Alias(record, AddText(_referer, line, parts.Referer, record));
        var agent = AddText(_agent, line, parts.Agent, record);
        if (agent >= 0 && record.Kind(agent) == FieldKind.Null) _proxyAgent.AliasUnset(record);
        else _proxyAgent.Alias(record, agent);
        var isProxied = AddRequest(line, parts.Request, host, record);
        var (rest, restLength) = parts.Rest.GetOffsetAndLength(text.Length);
        if (restLength > 0) _rest.Add(record, line.Start + rest, restLength);
        record.Class = isProxied ? WebClasses.Squid : WebClasses.Access;
        return true;
    }

    /// <returns>Whether the request asks for a foreign address, as clients ask a proxy.</returns>
    private bool AddRequest(in LogLine line, Range where, ReadOnlySpan<byte> host, EventRecord record)
    {
        var field = AddText(_request, line, where, record);
        if (field < 0 || record.Kind(field) == FieldKind.Null) return false;
        var request = record.Value(field);
        var start = _requestStart;
        var space = request.IndexOf((byte)' ');
        if (space <= 0 || request[..space].ContainsAnyExceptInRange((byte)'A', (byte)'Z')) return false;
        _method.Add(record, start, space);
        var last = request.LastIndexOf((byte)' ');
        var end = last > space && request[(last + 1)..].StartsWith("HTTP/"u8) ? last : request.Length;
        if (end < request.Length) _version.Add(record, Advance(start, end + 1), request.Length - end - 1);
        var target = request[(space + 1)..end];
        if (target.IsEmpty) return false;
        _http.AddTarget(record, target, Advance(start, space + 1), host);
        return request[..space].SequenceEqual("CONNECT"u8) || HttpFields.PathStart(target, out var authority) > 0 && !authority.IsEmpty;
    }

    private static int Add(EventField name, in LogLine line, Range where, EventRecord record)
    {
        var (start, length) = where.GetOffsetAndLength(line.Length);
        var isUnset = length == 1 && line.Buffer[line.Start + start] == '-';
        return isUnset ? name.Add(record, 0, 0, FieldKind.Null) : name.Add(record, line.Start + start, length);
    }

    private int AddText(EventField name, in LogLine line, Range where, EventRecord record)
    {
        var (start, length) = where.GetOffsetAndLength(line.Length);
        if (length == 0 && start == 0) return -1;
        _requestStart = line.Start + start;
        var text = line.Buffer.AsSpan(_requestStart, length);
        if (!text.Contains((byte)'\\')) return Add(name, line, where, record);
        if (_unescaped.Length < length) _unescaped = new byte[length];
        var written = LogEscapes.Unescape(text, _unescaped);
        _requestStart = record.Write(_unescaped.AsSpan(0, written));
        return name.Add(record, _requestStart, written);
    }

    private static int Advance(int start, int by) => start >= 0 ? start + by : ~(~start + by);
}
