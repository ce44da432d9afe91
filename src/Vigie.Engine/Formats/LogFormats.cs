using System.Collections.Immutable;
using Vigie.Engine.Formats.Auditd;
using Vigie.Engine.Formats.Csv;
using Vigie.Engine.Formats.Evtx;
using Vigie.Engine.Formats.Json;
using Vigie.Engine.Formats.Network;
using Vigie.Engine.Formats.Syslog;
using Vigie.Engine.Formats.Web;
using Vigie.Engine.Formats.Windows;
using Vigie.Engine.Formats.Zeek;

namespace Vigie.Engine.Formats;

/// <summary>All formats that are known, and which of them a content is in.</summary>
public static class LogFormats
{
    /// <summary>Every format; a new one is added here.</summary>
    public static ImmutableArray<LogFormat> All { get; } =
    [
        new EvtxFormat(),
        new WindowsXmlFormat(),
        new JsonFormat(),
        new ZeekFormat(),
        new AuditdFormat(),
        new W3cFormat(),
        new AccessLogFormat(),
        new SquidFormat(),
        new ErrorLogFormat(),
        new FortigateFormat(),
        new SyslogFormat(),
        new CsvFormat(),
    ];

    /// <summary>The format that is surest of <paramref name="head"/>, or null when none knows it. See <see cref="LogFormat.Recognize"/>.</summary>
    public static LogFormat? Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        LogFormat? best = null;
        var surest = 0;
        foreach (var format in All)
        {
            var sureness = format.Recognize(head, fileName);
            if (sureness <= surest) continue;
            surest = sureness;
            best = format;
        }

        return best;
    }

    /// <summary>The format with an id, or null.</summary>
    public static LogFormat? Find(string id) => All.FirstOrDefault(f => string.Equals(f.Id, id, StringComparison.OrdinalIgnoreCase));
}
