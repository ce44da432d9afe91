using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Web;

/// <summary>The directives of a W3C log; they may change in the middle of a file, as IIS does when it is configured anew.</summary>
internal sealed class W3cHeader
{
    private const int MaxFields = 512;

    private string _software = "";
    private string _logType = "";
    private string _fieldsLine = "";

    /// <summary>The names of the columns; empty before <c>#Fields</c>.</summary>
    public string[] Fields { get; private set; } = [];

    /// <summary>Between columns: a blank, a tab, or (Exchange) a comma with CSV's quotes.</summary>
    public byte Separator { get; private set; } = (byte)' ';

    /// <summary>Whether times are in the server's zone rather than UTC (<c>#Time Format: Local</c>).</summary>
    public bool IsLocalTime { get; private set; }

    /// <summary>The log sources of the lines that follow.</summary>
    public EventClass Class { get; private set; } = EventClass.Unknown;

    /// <summary>The directives that a reader must know to go on.</summary>
    public string Text => _software.Length + _logType.Length + _fieldsLine.Length == 0 && !IsLocalTime ? "" : $"#Software: {_software}\n#Log-type: {_logType}\n{(IsLocalTime ? "#Time Format: Local\n" : "")}{_fieldsLine}";

    /// <summary>Takes a line that begins with <c>#</c>.</summary>
    /// <returns>Whether columns changed.</returns>
    public bool Take(string line)
    {
        if (Value(line, "#Software:") is { } software)
        {
            _software = software;
            IsLocalTime = false;
        }
        else if (Value(line, "#Log-type:") is { } type)
        {
            _logType = type;
        }
        else if (Value(line, "#Time Format:") is { } format)
        {
            IsLocalTime = format.Equals("Local", StringComparison.OrdinalIgnoreCase);
        }
        else if (Value(line, "#Fields:") is { } fields)
        {
            _fieldsLine = line;
            Separator = fields.Contains('\t', StringComparison.Ordinal) ? (byte)'\t' : fields.Contains(',', StringComparison.Ordinal) ? (byte)',' : (byte)' ';
            Fields = fields.Split((char)Separator, MaxFields, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Class = FindClass();
            return true;
        }

        return false;
    }

    /// <summary>Takes a directive in UTF-8.</summary>
    public bool Take(ReadOnlySpan<byte> line) => Take(Encoding.UTF8.GetString(line));

    private static string? Value(string line, string directive) =>
        line.StartsWith(directive, StringComparison.OrdinalIgnoreCase) ? line[directive.Length..].Trim() : null;

    private EventClass FindClass()
    {
        if (_software.Contains("Windows Firewall", StringComparison.OrdinalIgnoreCase)) return WebClasses.WindowsFirewall;
        if (_software.Contains("Exchange", StringComparison.OrdinalIgnoreCase)) return WebClasses.Exchange;
        if (_software.Contains("Internet Information Services", StringComparison.OrdinalIgnoreCase)) return WebClasses.Iis;
        var names = new HashSet<string>(Fields, StringComparer.OrdinalIgnoreCase);
        if (names.Overlaps(["s-action", "s-hierarchy", "cs-uri-scheme", "x-exception-id", "r-host", "sc-filter-result", "c-uri", "x-bluecoat-application-name"])) return WebClasses.W3cProxy;
        if (names.Overlaps(["s-sitename", "sc-win32-status"])) return WebClasses.Iis;
        return names.Contains("cs-method") ? WebClasses.W3cServer : EventClass.Unknown;
    }
}
