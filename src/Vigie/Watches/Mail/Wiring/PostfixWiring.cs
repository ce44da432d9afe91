using System.Globalization;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Watches.Mail.Wiring;

/// <summary>
/// How Postfix should be told of Vigie, and how it is. Reads what <c>postconf</c> prints; pure, so that every wiring
/// can be tried without a Postfix.
/// </summary>
/// <param name="Main">main.cf as in effect: name → value (<c>postconf -x</c>).</param>
/// <param name="Overrides">master.cf's <c>-o</c> options: <c>submission/inet/smtpd_milters</c> → value (<c>postconf -P</c>).</param>
/// <param name="Chroot">Services that are chrooted: <c>smtp/inet</c> (<c>postconf -F</c>).</param>
internal sealed record PostfixWiring(IReadOnlyDictionary<string, string> Main, IReadOnlyDictionary<string, string> Overrides, IReadOnlySet<string> Chroot)
{
    /// <summary>The settings of main.cf that are asked for.</summary>
    public static readonly string[] Names =
    [
        "mail_version", "queue_directory", "mail_owner", "smtpd_milters", "non_smtpd_milters", "milter_default_action", "milter_protocol",
        "milter_command_timeout", "milter_content_timeout", "milter_mail_macros", "milter_end_of_data_macros",
    ];

    public string QueueDirectory => Value("queue_directory", "/var/spool/postfix");

    public string Value(string name, string otherwise = "") => Main.TryGetValue(name, out var value) && value.Length > 0 ? value : otherwise;

    /// <summary>Vigie's address as main.cf should have it: the unix socket where a chrooted smtpd finds it, else TCP.</summary>
    public string Address(MilterSettings milter)
    {
        if (milter.UnixPath is { } path && Relative(path) is { } relative) return "unix:" + relative;
        return milter.Tcp is { } tcp ? $"inet:{tcp}" : "unix:" + milter.UnixPath;
    }

    /// <summary>Whether a list of milters (main.cf's syntax) has one of Vigie's addresses.</summary>
    public bool HasOurs(string milters, MilterSettings settings) => Milters(milters).Any(address => IsOurs(address, settings));

    /// <summary>The lines that main.cf lacks, in the words of main.cf; empty where all is well.</summary>
    public IReadOnlyList<string> MissingLines(MailSettings mail)
    {
        List<string> lines = [];
        foreach (var name in (string[])["smtpd_milters", "non_smtpd_milters"])
        {
            // First: what is refused needs no other filter's work. Others stay.
            if (!HasOurs(Value(name), mail.Milter)) lines.Add($"{name} = {string.Join(' ', (string[])[Address(mail.Milter), .. Milters(Value(name))])}");
        }

        if (Value("milter_default_action", "tempfail") != DefaultAction(mail)) lines.Add($"milter_default_action = {DefaultAction(mail)}");
        if (Protocol < 6) lines.Add("milter_protocol = 6");
        if (CommandTimeout <= mail.Milter.Timeouts.Command) lines.Add(Seconds("milter_command_timeout", mail.Milter.Timeouts.Command));
        if (ContentTimeout <= mail.Milter.Timeouts.EndOfMessage) lines.Add(Seconds("milter_content_timeout", mail.Milter.Timeouts.EndOfMessage));
        return lines;
    }

    /// <summary>What Postfix does with mail while Vigie does not answer, so that it agrees with <c>mail.onFailure</c>.</summary>
    public static string DefaultAction(MailSettings mail) => mail.OnFailure == FailurePolicy.Accept ? "accept" : "tempfail";

    // milter_protocol may carry extra words ("6 no_abort"); the number comes first.
    public int Protocol => int.TryParse(Value("milter_protocol", "6").Split(' ', ',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 6;

    public TimeSpan CommandTimeout => Time(Value("milter_command_timeout"), TimeSpan.FromSeconds(30));

    public TimeSpan ContentTimeout => Time(Value("milter_content_timeout"), TimeSpan.FromSeconds(300));

    /// <summary>smtpd services for which master.cf turns Vigie off, such as <c>submission/inet</c>.</summary>
    public IEnumerable<string> Unguarded(MilterSettings milter) =>
        from option in Overrides
        let service = option.Key[..option.Key.LastIndexOf('/')]
        let name = option.Key[(option.Key.LastIndexOf('/') + 1)..]
        where service.EndsWith("/inet", StringComparison.Ordinal)
        where (name == "smtpd_milters" && !HasOurs(option.Value, milter)) || (name == "receive_override_options" && option.Value.Contains("no_milters", StringComparison.Ordinal))
        orderby service
        select service;

    /// <summary>The unix sockets of Vigie in use that a chrooted smtpd cannot see.</summary>
    public IEnumerable<string> OutOfChroot(MilterSettings milter) =>
        Chroot.Any(service => service.EndsWith("/inet", StringComparison.Ordinal))
            ? Milters(Value("smtpd_milters")).Where(a => IsOurs(a, milter) && a.StartsWith("unix:/", StringComparison.Ordinal) && Relative(a["unix:".Length..]) is null)
            : [];

    /// <summary>Splits a list of milters: separated by blanks or commas, with <c>{ address, options }</c> as one.</summary>
    internal static IReadOnlyList<string> Milters(string value)
    {
        List<string> items = [];
        var depth = 0;
        var start = -1;
        for (var i = 0; i <= value.Length; i++)
        {
            var c = i < value.Length ? value[i] : ' ';
            if (c == '{') depth++;
            if (c == '}') depth--;
            var separates = depth <= 0 && c != '}' && (char.IsWhiteSpace(c) || c == ',');
            if (separates && start >= 0)
            {
                items.Add(value[start..i]);
                start = -1;
            }
            else if (!separates && start < 0)
            {
                start = i;
            }
        }

        return items;
    }

    private bool IsOurs(string milter, MilterSettings settings)
    {
        var address = milter.TrimStart('{').TrimEnd('}').Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("");
        // Older forms: "local:" is "unix:", and a bare host:port is "inet:".
        if (address.StartsWith("unix:", StringComparison.Ordinal) || address.StartsWith("local:", StringComparison.Ordinal))
            return Path.GetFullPath(address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..], QueueDirectory) == settings.UnixPath;

        var host = address.StartsWith("inet:", StringComparison.Ordinal) ? address["inet:".Length..] : address;
        return settings.Tcp is { } tcp && (host == tcp.ToString() || host.Replace("localhost:", tcp.Address + ":", StringComparison.Ordinal) == tcp.ToString());
    }

    // A path within the queue folder, as chrooted and other processes both find it: their working folder is the queue's.
    private string? Relative(string path) =>
        path.StartsWith(QueueDirectory + "/", StringComparison.Ordinal) ? path[(QueueDirectory.Length + 1)..] : null;

    private static string Seconds(string name, TimeSpan least) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} = {Math.Ceiling(least.TotalSeconds) + 30:0}s");

    // postconf(5): a number with s, m, h, d or w; seconds where there is none.
    private static TimeSpan Time(string value, TimeSpan otherwise)
    {
        if (value.Length == 0) return otherwise;
        var unit = value[^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 1 };
        var digits = char.IsAsciiDigit(value[^1]) ? value : value[..^1];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? TimeSpan.FromSeconds((double)count * unit) : otherwise;
    }
}
