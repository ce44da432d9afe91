using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>How far one file has been read, as the store keeps it.</summary>
internal sealed record FilePosition
{
    /// <summary>Where it lay when it was last read.</summary>
    public required string Path { get; init; }

    public ulong Device { get; init; }

    public ulong Inode { get; init; }

    public int PrintLength { get; init; }

    public string PrintHash { get; init; } = "";

    /// <summary>Which member of an archive is being read, from 0.</summary>
    public int Member { get; init; }

    /// <summary>Bytes of the (unpacked) content that are done with.</summary>
    public long Offset { get; init; }

    /// <summary>See <see cref="Reading.EventBuffer.Identity"/>.</summary>
    public string Content { get; init; } = "";

    /// <summary>The format's id, once known.</summary>
    public string? Format { get; init; }

    /// <summary>What the format's reader must know to go on.</summary>
    public string? State { get; init; }

    /// <summary>Whether it is read whole each time it has changed: packed, or an event log.</summary>
    public bool Document { get; init; }

    /// <summary>Whether it was read to its end, at <see cref="Size"/> and <see cref="Written"/>.</summary>
    public bool Complete { get; init; }

    public long Size { get; init; }

    public long Written { get; init; }

    [JsonIgnore]
    public FileId Id => new(Device, Inode);

    [JsonIgnore]
    public FilePrint Print => new(PrintLength, PrintHash);

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> gave; null where it is something else.</summary>
    public static FilePosition? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<FilePosition>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
