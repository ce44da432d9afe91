using System.Globalization;
using System.Text.Json;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>
/// Certificate transparency as JSON, one object or array of objects a line: what certstream sends
/// (<c>data.leaf_cert.all_domains</c>, or <c>data</c> as a list of names), what crt.sh answers (<c>name_value</c>,
/// <c>common_name</c>) and log entries (<c>leaf_input</c>, RFC 6962 §4.6).
/// </summary>
internal sealed class CertificateFormat : INameFormat
{
    private const int MaxDepth = 32;

    private enum Key : byte
    {
        Other,
        Data,
        LeafCert,
        AllDomains,
        DnsNames,
        Domains,
        Domain,
        NameValue,
        CommonName,
        Entries,
        LeafInput,
        Seen,
        EntryTimestamp,
        MessageType,
    }

    public void Begin(ReadOnlySpan<byte> firstLine)
    {
    }

    public void Read(ReadOnlySpan<byte> line, bool isFirst, LineNames names)
    {
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty) return;
        try
        {
            ReadJson(line, names);
        }
        catch (JsonException e)
        {
            names.Problem = $"not JSON: {e.Message}";
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader.GetString of a text with a lone surrogate.
            names.Problem = "not JSON: text that is not Unicode";
        }
    }

    private static void ReadJson(ReadOnlySpan<byte> line, LineNames names)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        // The property names on the way to the current value; lists do not count.
        Span<Key> path = stackalloc Key[MaxDepth + 1];
        var depth = 0;
        var inList = 0;
        var known = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path[depth] = KeyOf(ref reader);
                    break;
                case JsonTokenType.StartObject:
                    depth++;
                    path[depth] = Key.Other;
                    break;
                case JsonTokenType.EndObject:
                    depth--;
                    break;
                case JsonTokenType.StartArray:
                    inList++;
                    break;
                case JsonTokenType.EndArray:
                    inList--;
                    break;
                case JsonTokenType.String or JsonTokenType.Number:
                    known |= ReadValue(ref reader, path[1..(depth + 1)], inList > 0, names);
                    break;
            }
        }

        // A feed of another shape must not pass for a quiet one.
        if (!known && names.Problem is null) names.Problem = "no certificate and no name in a known place";
    }

    private static Key KeyOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("data"u8)) return Key.Data;
        if (reader.ValueTextEquals("leaf_cert"u8)) return Key.LeafCert;
        if (reader.ValueTextEquals("all_domains"u8)) return Key.AllDomains;
        if (reader.ValueTextEquals("dns_names"u8)) return Key.DnsNames;
        if (reader.ValueTextEquals("domains"u8)) return Key.Domains;
        if (reader.ValueTextEquals("domain"u8)) return Key.Domain;
        if (reader.ValueTextEquals("name_value"u8)) return Key.NameValue;
        if (reader.ValueTextEquals("common_name"u8)) return Key.CommonName;
        if (reader.ValueTextEquals("entries"u8)) return Key.Entries;
        if (reader.ValueTextEquals("leaf_input"u8)) return Key.LeafInput;
        if (reader.ValueTextEquals("seen"u8)) return Key.Seen;
        if (reader.ValueTextEquals("entry_timestamp"u8)) return Key.EntryTimestamp;
        return reader.ValueTextEquals("message_type"u8) ? Key.MessageType : Key.Other;
    }

    // Whether the value stands in a known place.
    private static bool ReadValue(ref Utf8JsonReader reader, scoped ReadOnlySpan<Key> path, bool inList, LineNames names)
    {
        switch (path)
        {
            case [Key.Data, Key.LeafCert, Key.AllDomains] or [Key.LeafCert, Key.AllDomains] or [Key.AllDomains] or [Key.Data, Key.AllDomains]:
            case [Key.DnsNames] or [Key.Domains] or [Key.Domain] or [Key.Data, Key.DnsNames]:
            case [Key.Data] when inList:
                if (reader.TokenType != JsonTokenType.String) return false;
                names.Add(reader.GetString());
                return true;
            case [Key.NameValue] or [Key.CommonName]:
                if (reader.TokenType != JsonTokenType.String) return false;
                AddSubjects(reader.GetString()!, names);
                return true;
            case [Key.LeafInput] or [Key.Entries, Key.LeafInput]:
                if (reader.TokenType != JsonTokenType.String) return false;
                ReadLeaf(ref reader, names);
                return true;
            case [Key.Data, Key.Seen]:
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var seconds)) SetTime(names, seconds);
                return false;
            case [Key.EntryTimestamp]:
                if (reader.TokenType == JsonTokenType.String
                    && DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) names.Time = time;
                return false;
            case [Key.MessageType]:
                return reader.ValueTextEquals("heartbeat"u8);
            default:
                return false;
        }
    }

    // Names of persons and mailboxes stand there too; they are no domain names and no fault.
    private static void AddSubjects(string text, LineNames names)
    {
        foreach (var part in text.AsSpan().Split('\n'))
        {
            var name = text.AsSpan()[part].Trim();
            if (name.Contains('.') && !name.ContainsAny(" @/:")) names.Add(name);
        }
    }

    private static void ReadLeaf(ref Utf8JsonReader reader, LineNames names)
    {
        if (reader.TryGetBytesFromBase64(out var leaf)) CertificateNames.ReadLeaf(leaf, names);
        else names.Problem = "leaf_input is not base64";
    }

    private static void SetTime(LineNames names, double seconds)
    {
        // The years 1970 to 9999; what is outside is no time.
        if (seconds is > 0 and < 253_402_300_799) names.Time = DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
    }
}
