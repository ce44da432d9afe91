using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Csv;

/// <summary>
/// Windows events exported as CSV: by the Event Viewer (<c>Level,Date and Time,Source,Event ID,Task Category</c>) and by PowerShell
/// (<c>Get-WinEvent | Export-Csv</c>). Their names become those of the event log; Sysmon's message, which lists its fields, is taken apart.
/// </summary>
internal static class CsvWindows
{
    private const int MaxMessageFields = 64;

    private static readonly EventClass Windows = EventClass.Of(["windows"], [], []);

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Event ID"] = "EventID",
        ["EventID"] = "EventID",
        ["Id"] = "EventID",
        ["Source"] = "Provider_Name",
        ["ProviderName"] = "Provider_Name",
        ["Provider"] = "Provider_Name",
        ["LogName"] = "Channel",
        ["Log Name"] = "Channel",
        ["Channel"] = "Channel",
        ["MachineName"] = "Computer",
        ["Computer"] = "Computer",
        ["ComputerName"] = "Computer",
        ["RecordId"] = "EventRecordID",
        ["EventRecordID"] = "EventRecordID",
    };

    /// <summary>Whether the header is one of theirs: an event id beside a source or a log name.</summary>
    public static bool IsExport(IEnumerable<string> header)
    {
        var names = header.Select(Alias).ToHashSet(StringComparer.Ordinal);
        return names.Contains("EventID") && (names.Contains("Provider_Name") || names.Contains("Channel"));
    }

    /// <summary>The event log's name of a column, or null.</summary>
    public static string? Alias(string column) => Names.GetValueOrDefault(column);

    /// <summary>Adds what the exports leave to the message, and tells what kind of event it is; once the columns are in.</summary>
    public static void Complete(EventRecord record)
    {
        var provider = Find(record, "Provider_Name", "ProviderName", "Source", "Provider");
        if (provider >= 0 && record.Value(provider).SequenceEqual("Microsoft-Windows-Sysmon"u8)) AddMessage(record);
        record.Class = Windows;
        WindowsEvents.Classify(record);
    }

    private static int Find(EventRecord record, params ReadOnlySpan<string> names)
    {
        for (var i = 0; i < record.Count; i++)
        {
            var name = record.Name(i);
            foreach (var wanted in names)
            {
                if (string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase)) return i;
            }
        }

        return -1;
    }

    // "Process Create:\nRuleName: -\nUtcTime: …\nImage: C:\…": a name without blanks, a colon, a blank, the value.
    private static void AddMessage(EventRecord record)
    {
        var message = LastLong(record);
        if (message < 0) return;
        var text = record.Value(message);
        for (var added = 0; added < MaxMessageFields && !text.IsEmpty;)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? [] : text[(end + 1)..];
            var colon = line.IndexOf(": "u8);
            if (colon is <= 0 or > 40 || line[..colon].ContainsAnyExcept(NameBytes)) continue;
            record.AddDerived(Encoding.ASCII.GetString(line[..colon]), FieldKind.String, line[(colon + 2)..]);
            added++;
        }
    }

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private static int LastLong(EventRecord record)
    {
        for (var i = record.Count - 1; i >= 0; i--)
        {
            if (record.Value(i).Contains((byte)'\n')) return i;
        }

        return -1;
    }
}
