using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;

namespace Vigie.Tests.Formats.Lines;

/// <summary>Feeds a reader as a source does: pieces of any size, consumed bytes dropped, the buffer moved about.</summary>
internal sealed class TextFeed
{
    /// <summary>What was read, in order.</summary>
    public List<CapturedEvent> Events { get; } = [];

    /// <summary>Where the events began.</summary>
    public List<long> Offsets { get; } = [];

    /// <summary>What was reported.</summary>
    public List<LogDiagnostic> Diagnostics { get; } = [];

    /// <summary>Bytes consumed altogether.</summary>
    public long Consumed { get; private set; }

    /// <summary>The values of a field of an event, joined by bars; null when it has none.</summary>
    public string? Of(int index, string field)
    {
        var values = Events[index].Named(field).Select(f => f.Kind == FieldKind.Null ? "∅" : f.Value).ToArray();
        return values.Length == 0 ? null : string.Join('|', values);
    }

    /// <summary>Reads all of a content, its fields all wanted (so that aliases show).</summary>
    public static TextFeed Read(LogFormat format, string content, LogReaderOptions? options = null, params string[] wanted) =>
        Read(format.Open(options ?? new LogReaderOptions { Received = Some.Received }), Encoding.UTF8.GetBytes(content), int.MaxValue, wanted);

    /// <summary>Reads all of a content in pieces of one size.</summary>
    public static TextFeed Read(LogReader reader, ReadOnlySpan<byte> content, int piece, params string[] wanted)
    {
        var feed = new TextFeed();
        var record = new EventRecord(new FieldCatalog([.. EventFields.Always, .. Some.Names, .. wanted]));
        feed.Run(reader, record, content, piece, 0, isFinal: true);
        return feed;
    }

    /// <summary>Reads on; returns where the reader stands.</summary>
    public long Run(LogReader reader, EventRecord record, ReadOnlySpan<byte> content, int piece, long from, bool isFinal)
    {
        var position = from;
        var available = from;
        var stalls = 0;
        while (true)
        {
            available = Math.Min(content.Length, available + Math.Max(1, piece == int.MaxValue ? content.Length : piece));
            var isLast = isFinal && available == content.Length;
            while (true)
            {
                // A margin of other bytes on both sides: a reader that looks outside of its window reads them.
                var length = (int)(available - position);
                var buffer = new byte[length + 64];
                buffer.AsSpan().Fill((byte)'\n');
                content.Slice((int)position, length).CopyTo(buffer.AsSpan(32));
                var result = reader.Read(new LogWindow(buffer, 32, 32 + length, position, isLast), record);
                Assert.InRange(result.Consumed, 0, length);
                if (result.Diagnostic is { } diagnostic) Diagnostics.Add(diagnostic);
                if (result.Status == ReadStatus.Event)
                {
                    Events.Add(record.Capture());
                    Offsets.Add(record.Offset);
                }

                position += result.Consumed;
                Consumed = position;
                if (result.Status == ReadStatus.NeedMore) break;
                stalls = result.Consumed == 0 ? stalls + 1 : 0;
                Assert.True(stalls < 1000, "the reader does not get on");
            }

            if (available == content.Length) return position;
        }
    }
}

/// <summary>Values for tests.</summary>
internal static class Some
{
    /// <summary>When contents without a year were received.</summary>
    public static DateTimeOffset Received { get; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Names that published rules read, so that their aliases are made.</summary>
    public static string[] Names { get; } =
    [
        "src_ip", "src_port", "dst_ip", "dst_port", "protocol", "action", "query", "answer", "record_type", "c-uri", "c-uri-query", "c-uri-stem", "c-uri-extension", "cs-uri", "cs-uri-stem", "cs-uri-query",
        "cs-method", "cs-host", "cs-referer", "cs-referrer", "cs-user-agent", "c-useragent", "cs-cookie", "cs-username", "sc-status", "r-dns", "c-ip", "s-ip", "Image", "CommandLine", "ParentImage",
        "CurrentDirectory", "User", "SourceUser", "TargetFilename", "DestinationIp", "DestinationPort", "Initiated", "ProcessId", "ParentProcessId", "hostname", "Filename", "Signature", "command",
        "EventID", "Channel", "Provider_Name", "Computer", "message", "SYSCALL", "QueryName", "cs-content-type",
    ];
}
