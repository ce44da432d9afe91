using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Vigie.Operations;
using Vigie.Operations.Smtp;

namespace Vigie.Incidents.Notifications;

/// <summary>Reads <c>incidents.notify</c>.</summary>
internal static partial class NotifySettings
{
    private const int MaxChannels = 50;
    private const int MaxRecipients = 50;
    private const int MaxSecretBytes = 4096;
    private const int MinSecretLength = 16;

    private enum Kind
    {
        Mail,
        Webhook,
    }

    private enum Tls
    {
        None,
        StartTls,
        Implicit,
    }

    public static ImmutableArray<NotifyChannel> Read(SettingsSection section)
    {
        var items = section.Sections("notify");
        if (items.Count > MaxChannels) section.Problem("notify", $"has {items.Count} channels; at most {MaxChannels} are possible");
        var channels = ImmutableArray.CreateBuilder<NotifyChannel>();
        foreach (var item in items.Take(MaxChannels))
        {
            var channel = Channel(item);
            if (!Name().IsMatch(channel.Name)) item.Problem("name", $"\"{channel.Name}\" must be a name of lower-case letters, digits and hyphens");
            else if (channels.Any(other => other.Name == channel.Name)) item.Problem("name", $"\"{channel.Name}\" is the name of another channel");
            channels.Add(channel);
        }

        return channels.ToImmutable();
    }

    private static NotifyChannel Channel(SettingsSection item)
    {
        var defaults = new NotifyChannel { Name = "" };
        var kind = item.Enum("kind", Kind.Mail);
        var authorities = Authorities(item);
        var channel = new NotifyChannel
        {
            Name = item.String("name", kind == Kind.Mail ? "mail" : "webhook"),
            Authorities = authorities,
            AtLeastSeverity = item.Enum("atLeastSeverity", defaults.AtLeastSeverity),
            AtLeastScore = item.Number("atLeastScore", defaults.AtLeastScore, 0, 100),
            RiseBy = item.Number("riseBy", defaults.RiseBy, 1, 100),
            PerHour = item.Int("perHour", defaults.PerHour, 1, 1000),
            Quiet = Quiet(item),
            OverrideAt = item.Enum("overrideAt", defaults.OverrideAt),
            Language = Language(item),
        };
        return kind == Kind.Mail ? Mail(item, channel) : Webhook(item, channel);
    }

    private static NotifyChannel Mail(SettingsSection item, NotifyChannel channel)
    {
        var (host, port) = Server(item);
        var isLocal = IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : host == "localhost";
        var tls = item.Enum("tls", port == 465 ? Tls.Implicit : isLocal ? Tls.None : Tls.StartTls);
        var user = item.OptionalString("user");
        var password = SecretFile(item, "passwordFile", 1);
        if (user is null != password is null) item.Problem(user is null ? "user" : "passwordFile", "\"user\" and \"passwordFile\" belong together");
        if (user is not null && tls == Tls.None && !isLocal) item.Problem("tls", "a password is not sent unprotected beyond this machine: use starttls or implicit");
        var from = item.String("from", "vigie@localhost");
        if (!PlainAddress().IsMatch(from)) item.Problem("from", $"\"{from}\" must be a plain address such as vigie@example.org");
        var to = item.Strings("to");
        if (to.Count is 0 or > MaxRecipients) item.Problem("to", $"needs between 1 and {MaxRecipients} addresses");
        foreach (var wrong in to.Where(recipient => !PlainAddress().IsMatch(recipient))) item.Problem("to", $"\"{wrong}\" must be a plain address such as soc@example.org");
        return channel with
        {
            Server = new SmtpServer(host, port) { Tls = (SmtpTls)tls, User = user, Password = password ?? "", Authorities = channel.Authorities },
            From = from,
            To = [.. to],
        };
    }

    private static NotifyChannel Webhook(SettingsSection item, NotifyChannel channel)
    {
        var secret = SecretFile(item, "secretFile", MinSecretLength);
        if (item.OptionalString("secretFile") is null) item.Problem("secretFile", "is missing: what is posted is signed with it");
        var text = item.String("url", "");
        // Content is little, but whoever reads along on the way learns what we know of them.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) || url.UserInfo.Length > 0)
        {
            item.Problem("url", "must be an https address without a name or password in it; http only on this machine");
            url = new Uri("https://invalid.invalid/");
        }

        return channel with { Url = url, Secret = [.. Encoding.UTF8.GetBytes(secret ?? "")] };
    }

    private static (string Host, int Port) Server(SettingsSection item)
    {
        var text = item.String("server", "127.0.0.1:25");
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon].Trim('[', ']') : "";
        if (Uri.CheckHostName(host) != UriHostNameType.Unknown && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535)
            return (host, port);
        item.Problem("server", $"\"{text}\" must be a host and a port, such as mail.example.org:587");
        return ("localhost", 25);
    }

    private static QuietHours? Quiet(SettingsSection item)
    {
        var zone = TimeZoneInfo.Utc;
        if (item.OptionalString("timeZone") is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
        {
            item.Problem("timeZone", $"\"{name}\" is not a time zone this machine knows, such as Africa/Bamako or Europe/Paris");
            zone = TimeZoneInfo.Utc;
        }

        if (item.OptionalString("quietHours") is not { } text) return null;
        var quiet = QuietHours.Parse(text, zone);
        if (quiet is null) item.Problem("quietHours", $"\"{text}\" must be two different times of day, such as 22:00-06:30");
        return quiet;
    }

    private static string Language(SettingsSection item)
    {
        var language = item.String("language", "en");
        if (language is "en" or "fr") return language;
        item.Problem("language", $"\"{language}\" must be en or fr");
        return "en";
    }

    // One line; what it holds is in no message.
    private static string? SecretFile(SettingsSection item, string key, int least)
    {
        if (item.OptionalString(key) is not { } path) return null;
        try
        {
            if (new FileInfo(path).Length > MaxSecretBytes) throw new InvalidDataException("is too large");
            var secret = File.ReadAllText(path).TrimEnd('\r', '\n');
            if (secret.Length >= least && !secret.Any(char.IsControl)) return secret;
            item.Problem(key, $"the file {path} must hold one line of at least {least} characters");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            item.Problem(key, $"the file {path} cannot be read: {e.Message}");
        }

        return "";
    }

    private static X509Certificate2Collection? Authorities(SettingsSection item)
    {
        if (item.OptionalString("caFile") is not { } path) return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            item.Problem("caFile", $"the file {path} cannot be read: {e.Message}");
            return null;
        }

        if (authorities.Count > 0) return authorities;
        item.Problem("caFile", $"the file {path} holds no certificate");
        return null;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}\z")]
    private static partial Regex PlainAddress();
}
