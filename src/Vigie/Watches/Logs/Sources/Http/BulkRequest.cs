using System.Globalization;
using System.Text.Json;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>One item of a bulk request.</summary>
/// <param name="Action">What is asked: <c>create</c>, <c>index</c>; others are refused one by one.</param>
/// <param name="Index">The index it names; empty where it names none.</param>
/// <param name="Id">The id its sender gave it; null where it gave none.</param>
/// <param name="Start">Where its document, or, where it has none, its action begins in the body.</param>
/// <param name="End">One past the last byte of that.</param>
internal readonly record struct BulkItem(string Action, string Index, string? Id, int Start, int End)
{
    /// <summary>Whether its document is taken as an event.</summary>
    public bool IsEvent => Action is "create" or "index";
}

/// <summary>
/// The body of a bulk request as Elasticsearch defines it: lines of JSON, an action and, for all but deletes, a document after
/// it. Only the action lines are read here; they are blanked out, so that what is left is a stream of documents at the places
/// where they stood.
/// </summary>
internal static class BulkRequest
{
    /// <summary>The most items of one request.</summary>
    public const int MostItems = 200_000;

    private const int LongestText = 512;

    /// <summary>Reads the actions of <paramref name="body"/> and blanks everything that is no event.</summary>
    /// <param name="body">The body, unpacked; changed.</param>
    /// <param name="index">The index of the address; for items that name none.</param>
    /// <param name="items">The items, in their order.</param>
    /// <returns>What is wrong with the request as a whole; null when nothing is.</returns>
    public static string? Read(Span<byte> body, string index, List<BulkItem> items)
    {
        var at = 0;
        var number = 0;
        while (at < body.Length)
        {
            number++;
            var (start, end) = Line(body, ref at);
            if (IsBlank(body[start..end])) continue;
            if (items.Count == MostItems) return $"more than {MostItems} items";
            if (!TryReadAction(body[start..end], index, out var item))
                return string.Create(CultureInfo.InvariantCulture, $"Malformed action/metadata line [{number}]");
            body[start..end].Fill((byte)' ');
            item = item with { Start = start, End = end };
            if (item.Action != "delete")
            {
                if (at >= body.Length) return string.Create(CultureInfo.InvariantCulture, $"line [{number}] has no document after it");
                number++;
                var (documentStart, documentEnd) = Line(body, ref at);
                item = item with { Start = documentStart, End = documentEnd };
                if (!item.IsEvent) body[documentStart..documentEnd].Fill((byte)' ');
            }

            items.Add(item);
        }

        return items.Count == 0 ? "the request has no items" : null;
    }

    private static (int Start, int End) Line(ReadOnlySpan<byte> body, ref int at)
    {
        var start = at;
        var length = body[at..].IndexOf((byte)'\n');
        at = length < 0 ? body.Length : at + length + 1;
        return (start, length < 0 ? body.Length : start + length);
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r"u8).IsEmpty;

    private static bool TryReadAction(ReadOnlySpan<byte> line, string index, out BulkItem item)
    {
        item = default;
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return false;
            var action = reader.GetString()!;
            if (action is not ("create" or "index" or "update" or "delete")) return false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            string? id = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number && name is "_id" or "_index")
                {
                    var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                    if (text.Length > LongestText) return false;
                    if (name == "_id") id = text;
                    else index = text;
                }
                else
                {
                    reader.Skip();
                }
            }

            item = new BulkItem(action, index, id, 0, 0);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
