using System.Security.Cryptography;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Logs;

/// <summary>
/// What makes an event the same event wherever and however often it is seen; findings take their ids from it. In turn:
/// the key its kind has (host, channel, record number); the identity its sender gave it; the place in the sender's file,
/// as shippers write it beside the event; its place in the content with its bytes.
/// </summary>
internal static class EventIdentity
{
    // Filebeat and its kin say which line of which file an event was.
    private static readonly string[] ShippedPlace = ["log.file.path", "log.offset"];
    private static readonly string[] Shipper = ["agent.id", "host.id", "host.name", "agent.name"];

    /// <summary>What is read here whatever the rules read; fields with slots are found without a search.</summary>
    public static IEnumerable<string> Fields => ShippedPlace.Concat(Shipper).Append("message");

    /// <summary>The parts of the identity of the event in <paramref name="record"/>.</summary>
    public static string[] Of(EventRecord record, in LogOrigin origin) =>
        ByKey(record)
        ?? (origin.Delivered is { } id ? new[] { "delivered", id } : null)
        ?? ByShipper(record)
        ?? ["content", origin.Content, FindingId.Part(record.Offset), Hash(record)];

    private static string[]? ByKey(EventRecord record)
    {
        var names = record.Class.KeyFields;
        if (names.IsEmpty) return null;
        var parts = new string[names.Length + 1];
        parts[0] = "key";
        for (var i = 0; i < names.Length; i++)
        {
            if (Value(record, names[i]) is not { } value) return null;
            parts[i + 1] = value;
        }

        return parts;
    }

    private static string[]? ByShipper(EventRecord record)
    {
        var (path, offset) = (Value(record, ShippedPlace[0]), Value(record, ShippedPlace[1]));
        if (path is null || offset is null) return null;
        foreach (var name in Shipper)
        {
            // The bytes are part of it: a file that was truncated begins again at offset 0.
            if (Value(record, name) is { } shipper) return ["shipped", shipper, path, offset, Value(record, "message") ?? Hash(record)];
        }

        return null;
    }

    private static string? Value(EventRecord record, string name)
    {
        var slot = record.Catalog.SlotOf(name);
        var field = slot >= 0 ? record.First(slot) : Find(record, name);
        return field < 0 || record.IsContainer(field) || record.Value(field).IsEmpty ? null : record.Text(field);
    }

    private static int Find(EventRecord record, string name)
    {
        for (var i = 0; i < record.Count; i++)
        {
            if (string.Equals(record.Name(i), name, StringComparison.Ordinal)) return i;
        }

        return -1;
    }

    private static string Hash(EventRecord record) => Convert.ToHexStringLower(SHA256.HashData(record.Raw).AsSpan(0, 16));
}
