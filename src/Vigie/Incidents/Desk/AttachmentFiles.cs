using System.Text;

namespace Vigie.Incidents.Desk;

/// <summary>
/// Names and types of files that people keep with incidents. Such files are often what the incident is about, so nothing here
/// makes a browser open one: types are few and are only ever sent as downloads.
/// </summary>
internal static class AttachmentFiles
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 160;

    private const string Unknown = "application/octet-stream";

    // How much of a file is looked at to call it text.
    private const int Looked = 64 * 1024;

    /// <summary>The last part of a path, without what would mislead in a file name; never empty.</summary>
    public static string NameOf(string sent)
    {
        var name = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder();
        foreach (var run in Console.PlainText.Runs(name.Length > MaxName * 4 ? name[..(MaxName * 4)] : name)) clean.Append(run.IsMark ? "_" : run.Text);
        name = Console.PlainText.Cut(clean.ToString().Trim(' ', '.'), MaxName, out var cut);
        if (cut) name = name.TrimEnd() + Extension(clean.ToString());
        return name.Length == 0 ? "file" : name;
    }

    /// <summary>The media type by what the bytes begin with; what is not certain is <c>application/octet-stream</c>.</summary>
    public static string TypeOf(ReadOnlySpan<byte> content) => content switch
    {
        _ when Begins(content, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) => "image/png",
        _ when Begins(content, [0xFF, 0xD8, 0xFF]) => "image/jpeg",
        _ when content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8) => "image/gif",
        _ when content.StartsWith("%PDF-"u8) => "application/pdf",
        _ when Begins(content, [0x50, 0x4B, 0x03, 0x04]) => "application/zip",
        _ when Begins(content, [0x1F, 0x8B, 0x08]) => "application/gzip",
        _ when IsText(content) => "text/plain",
        _ => Unknown,
    };

    private static bool Begins(ReadOnlySpan<byte> content, ReadOnlySpan<byte> with) => content.StartsWith(with);

    private static bool IsText(ReadOnlySpan<byte> content)
    {
        var looked = content[..Math.Min(content.Length, Looked)];
        foreach (var b in looked)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return false;
        }

        // A cut may go through a character: up to three bytes of it remain.
        for (var left = 0; left <= Math.Min(3, looked.Length); left++)
        {
            if (System.Text.Unicode.Utf8.IsValid(looked[..^left])) return looked.Length < content.Length || left == 0;
        }

        return false;
    }

    private static string Extension(string name) => name.LastIndexOf('.') is var dot && dot >= 0 && name.Length - dot <= 10 ? name[dot..] : "";
}
