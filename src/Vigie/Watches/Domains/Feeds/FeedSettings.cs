using System.Text.RegularExpressions;
using Vigie.Operations;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>How the lines of a feed are read.</summary>
public enum FeedFormat
{
    /// <summary>Each line as it looks: JSON, separated values, or a bare name.</summary>
    Auto,

    /// <summary>One name a line; <c>#</c> starts a comment.</summary>
    List,

    /// <summary>Values separated by comma, semicolon or tab (RFC 4180 quotes).</summary>
    Csv,

    /// <summary>Certificate transparency as JSON lines: certstream, crt.sh or log entries (RFC 6962 §4.6).</summary>
    Ct,
}

/// <summary>One item of <c>domains.feeds</c>: where new names come from.</summary>
public sealed partial record FeedSettings
{
    /// <summary>Its stable name: the position is kept under it.</summary>
    public required string Name { get; init; }

    /// <summary>A file that grows or is replaced; null for an address.</summary>
    public string? File { get; init; }

    /// <summary>An HTTP or HTTPS address; null for a file.</summary>
    public Uri? Url { get; init; }

    public FeedFormat Format { get; init; } = FeedFormat.Auto;

    /// <summary>The column of the name in separated values: its heading, or its number from 1.</summary>
    public string Column { get; init; } = "1";

    /// <summary>How often it is looked at.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes taken over the network at once.</summary>
    public long MaxBytes { get; init; } = 500_000_000;

    /// <summary>The most bytes a compressed feed may unpack to.</summary>
    public long MaxUnpackedBytes { get; init; } = 5_000_000_000;

    /// <summary>The longest line, in bytes; longer ones are counted as malformed.</summary>
    public int MaxLineBytes { get; init; } = 1_000_000;

    /// <summary>How long a whole download may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    internal static IReadOnlyList<FeedSettings> ReadAll(SettingsSection section)
    {
        var feeds = new List<FeedSettings>();
        foreach (var item in section.Sections("feeds"))
        {
            var feed = Read(item);
            if (feeds.Exists(f => f.Name == feed.Name)) item.Problem("name", $"\"{feed.Name}\" is the name of another feed");
            feeds.Add(feed);
        }

        return feeds;
    }

    private static FeedSettings Read(SettingsSection section)
    {
        var name = section.String("name", "");
        if (!NamePattern().IsMatch(name)) section.Problem("name", "must be 1 to 40 lower-case letters, digits or hyphens");

        var file = section.OptionalString("file");
        var url = ReadUrl(section);
        if (file is null == (section.OptionalString("url") is null)) section.Problem("file", "a feed has either \"file\" or \"url\"");
        var defaults = new FeedSettings { Name = name };
        return new FeedSettings
        {
            Name = name,
            File = file is null ? null : Path.GetFullPath(file),
            Url = url,
            Format = section.Enum("format", defaults.Format),
            Column = section.String("column", defaults.Column),
            Interval = section.Duration("interval", url is null ? defaults.Interval : TimeSpan.FromHours(1), url is null ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1), TimeSpan.FromDays(90)),
            MaxBytes = section.Size("maxBytes", defaults.MaxBytes, 1000, 100_000_000_000),
            MaxUnpackedBytes = section.Size("maxUnpackedBytes", defaults.MaxUnpackedBytes, 1000, 1_000_000_000_000),
            MaxLineBytes = (int)section.Size("maxLineBytes", defaults.MaxLineBytes, 1000, 64_000_000),
            Timeout = section.Duration("timeout", defaults.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(12)),
        };
    }

    private static Uri? ReadUrl(SettingsSection section)
    {
        const string key = "url";
        if (section.OptionalString(key) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0) return url;
        section.Problem(key, $"\"{text}\" must be an http:// or https:// address without a password in it");
        return null;
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex NamePattern();
}
