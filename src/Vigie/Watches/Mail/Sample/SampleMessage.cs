using System.Net;
using Vigie.Engine;

namespace Vigie.Watches.Mail.Sample;

/// <summary>One message of the story in <c>samples/mail</c>: envelope, what it shows, header and body.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="From">Envelope sender.</param>
/// <param name="Recipients">Envelope recipients.</param>
/// <param name="User">Who is logged in; null for mail from outside.</param>
/// <param name="Daemon">The Postfix service that takes it.</param>
/// <param name="Client">Address of the client.</param>
/// <param name="ClientName">Name of the client.</param>
/// <param name="Shows">What it shows.</param>
/// <param name="Headers">Header fields in order.</param>
/// <param name="Body">The text.</param>
internal sealed record SampleMessage(
    string Name, string From, IReadOnlyList<string> Recipients, string? User, string Daemon, IPAddress Client, string ClientName,
    Bilingual Shows, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    /// <summary>The agency of the story and the partner it writes to.</summary>
    public const string OwnDomain = "horizon-voyages.example";

    public const string Partner = "delta-fret.example";

    /// <summary>The folder beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "samples", "mail");

    /// <summary>All messages of a folder, in the order of their names.</summary>
    /// <exception cref="IOException">The folder is not there, or a file is not such a message.</exception>
    public static IReadOnlyList<SampleMessage> ReadAll(string folder, DateTimeOffset now) =>
        [.. Directory.EnumerateFiles(folder, "*.eml").Order(StringComparer.Ordinal).Select(file => Parse(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file), now))];

    internal static SampleMessage Parse(string name, string text, DateTimeOffset now)
    {
        text = text.ReplaceLineEndings("\n").Replace("{date}", now.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) throw new InvalidDataException($"{name}: no empty line between header and body");
        List<(string Name, string Value)> fields = [.. text[..end].Split('\n').Select(line => line.Split(':', 2)).Select(parts => parts.Length == 2 ? (parts[0], parts[1].Trim()) : throw new InvalidDataException($"{name}: \"{parts[0]}\" is not a header field"))];

        string Envelope(string field) => fields.FirstOrDefault(f => f.Name == field).Value ?? throw new InvalidDataException($"{name}: {field} is missing");
        var client = Envelope("X-Client").Split(' ', 2);
        return new SampleMessage(
            name, Envelope("X-Envelope-From"), [.. fields.Where(f => f.Name == "X-Envelope-To").Select(f => f.Value)],
            fields.FirstOrDefault(f => f.Name == "X-Auth-User").Value, Envelope("X-Daemon"), IPAddress.Parse(client[0]), client[^1],
            new Bilingual(Envelope("X-Story-En"), Envelope("X-Story-Fr")),
            [.. fields.Where(f => !f.Name.StartsWith("X-", StringComparison.Ordinal))], text[(end + 2)..]);
    }
}
