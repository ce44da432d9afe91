using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Vigie.Operations.Logging;

/// <summary>
/// One line a message. Under systemd the line starts with its priority (<c>sd-daemon(3)</c>: <c>&lt;N&gt;</c>) and the
/// journal adds the time; elsewhere it starts with the time (UTC).
/// Control characters are written as escapes: log messages carry what strangers sent, and must neither forge a line
/// nor speak to the terminal that shows them.
/// </summary>
internal sealed class LineFormatter(TimeProvider time, bool underSystemd) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "vigie-line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // "Hosting failed to start": whoever started the node gets the same exception and says it in one line.
        if (logEntry is { EventId.Id: 11, Category: "Microsoft.Extensions.Hosting.Internal.Host" }) return;
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null) return;

        if (underSystemd) textWriter.Write($"<{Priority(logEntry.LogLevel)}>");
        else textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(logEntry.LogLevel)} "));

        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{Shorten(logEntry.Category)}[{logEntry.EventId.Id}] "));
        WriteEscaped(textWriter, message);
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(" | ");
            WriteEscaped(textWriter, exception.ToString());
        }

        textWriter.Write('\n');
    }

    // syslog severities, RFC 5424 §6.2.1.
    internal static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit ",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn ",
        LogLevel.Information => "info ",
        _ => "debug",
    };

    private static string Shorten(string category) => category[(category.LastIndexOf('.') + 1)..];

    private static void WriteEscaped(TextWriter writer, string? text)
    {
        foreach (var c in text ?? "")
        {
            switch (c)
            {
                case '\n': writer.Write("\\n"); break;
                case '\r': writer.Write("\\r"); break;
                case '\t': writer.Write(' '); break;
                // C0, DEL, C1 (8-bit terminal controls), and the characters that reorder or break a line of Unicode text.
                case < ' ' or '\u007f' or (>= '\u0080' and <= '\u009f') or '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'):
                    writer.Write($"\\u{(int)c:x4}");
                    break;
                default: writer.Write(c); break;
            }
        }
    }
}
