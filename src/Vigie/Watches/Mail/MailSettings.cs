using System.Net;
using System.Text.RegularExpressions;
using Vigie.Operations;
using Vigie.Watches.Mail.Milter;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Watches.Mail;

/// <summary>How a sender may insist on an address that was refused (<c>mail.insist</c>).</summary>
public enum InsistPolicy
{
    None,
    Resend,
    Link,
    Both,
}

/// <summary>Which decisions get a record of their own (<c>mail.record</c>).</summary>
public enum RecordPolicy
{
    /// <summary>Those about recipients whose domain resembles a protected one; all others are counted by day.</summary>
    Notable,

    /// <summary>Every recipient outside the own domains: costs a durable write a message.</summary>
    All,
}

/// <summary>The <c>mail:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed partial record MailSettings
{
    /// <summary>The mode of a new installation; afterwards the store remembers what was switched.</summary>
    public Mode Mode { get; init; } = Mode.Observe;

    /// <summary>What happens to mail that could not be checked.</summary>
    public FailurePolicy OnFailure { get; init; } = FailurePolicy.TempFail;

    public MilterSettings Milter { get; init; } = new();

    /// <summary>How long a check of one recipient may take before it counts as failed.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is done about a recipient that the judge would mention.</summary>
    public Verdict OnNotice { get; init; } = Verdict.Mark;

    /// <summary>What is done about a recipient that the judge would have confirmed.</summary>
    public Verdict OnHold { get; init; } = Verdict.Hold;

    /// <summary>What is done about a recipient that the judge would refuse.</summary>
    public Verdict OnRefuse { get; init; } = Verdict.Refuse;

    public InsistPolicy Insist { get; init; } = InsistPolicy.Both;

    /// <summary>How long after a refusal sending again counts as insisting.</summary>
    public TimeSpan InsistWindow { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a sender has to pause, so that a program that retries does not count as a person who insists.</summary>
    public TimeSpan InsistMinDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long insisting by sending again holds for that sender and recipient.</summary>
    public TimeSpan ResendValidFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a one-time link can be used.</summary>
    public TimeSpan LinkValidFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a confirmation through the link holds for that sender and recipient.</summary>
    public TimeSpan LinkConfirmsFor { get; init; } = TimeSpan.FromDays(400);

    /// <summary>What comes before the token in a link, ending in a slash; null takes <c>insist/</c> below <c>console.publicUrl</c>, and offers no links where that is not set.</summary>
    public string? InsistUrl { get; init; }

    /// <summary>Whether a sender may release a held message through the link in the notice.</summary>
    public bool SenderMayConfirmHeld { get; init; } = true;

    /// <summary>Whom a stopped sender can ask, as written in replies and notices; ASCII.</summary>
    public string? Contact { get; init; }

    /// <summary>Languages of replies and notices, in order.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en", "fr"];

    /// <summary>The characters that begin an address extension, as Postfix's <c>recipient_delimiter</c>.</summary>
    public string RecipientDelimiter { get; init; } = "+";

    public RecordPolicy Record { get; init; } = RecordPolicy.Notable;

    public NoticeSettings Notices { get; init; } = new();

    /// <summary>How held mail is acted upon: the helper's socket, <c>direct</c>, or <c>direct:CONFIG_DIRECTORY</c>.</summary>
    public string QueueHelper { get; init; } = PostfixQueue.DefaultHelper;

    /// <summary>How often the records of held mail are compared with the MTA's queue.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(30);

    internal static MailSettings Read(SettingsSection section, string dataDirectory)
    {
        var defaults = new MailSettings();
        var onFailure = section.Enum("onFailure", defaults.OnFailure);
        var settings = new MailSettings
        {
            Mode = section.Enum("mode", defaults.Mode),
            OnFailure = onFailure,
            Milter = MilterSettings.Read(section.Section("milter"), dataDirectory, onFailure),
            CheckTimeout = section.Duration("checkTimeout", defaults.CheckTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)),
            OnNotice = section.Enum("onNotice", defaults.OnNotice),
            OnHold = section.Enum("onHold", defaults.OnHold),
            OnRefuse = section.Enum("onRefuse", defaults.OnRefuse),
            Insist = section.Enum("insist", defaults.Insist),
            InsistWindow = section.Duration("insistWindow", defaults.InsistWindow, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
            InsistMinDelay = section.Duration("insistMinDelay", defaults.InsistMinDelay, TimeSpan.Zero, TimeSpan.FromMinutes(30)),
            ResendValidFor = section.Duration("resendValidFor", defaults.ResendValidFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(400)),
            LinkValidFor = section.Duration("linkValidFor", defaults.LinkValidFor, TimeSpan.FromMinutes(5), TimeSpan.FromDays(30)),
            LinkConfirmsFor = section.Duration("linkConfirmsFor", defaults.LinkConfirmsFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(4000)),
            InsistUrl = ReadUrl(section),
            SenderMayConfirmHeld = section.Bool("senderMayConfirmHeld", defaults.SenderMayConfirmHeld),
            Contact = ReadContact(section),
            Languages = ReadLanguages(section, defaults.Languages),
            RecipientDelimiter = section.String("recipientDelimiter", defaults.RecipientDelimiter),
            Record = section.Enum("record", defaults.Record),
            Notices = NoticeSettings.Read(section.Section("notices")),
            QueueHelper = section.String("queueHelper", defaults.QueueHelper),
            ReconcileEvery = section.Duration("reconcileEvery", defaults.ReconcileEvery, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        settings.Check(section);
        return settings;
    }

    private void Check(SettingsSection section)
    {
        if (Mode == Mode.Bypass) section.Problem("mode", "a node does not start in bypass; switch it with \"vigie mode bypass\", which ends by itself");
        foreach (var (key, value) in (ReadOnlySpan<(string, Verdict)>)[("onNotice", OnNotice), ("onHold", OnHold), ("onRefuse", OnRefuse)])
        {
            if (value == Verdict.Defer) section.Problem(key, "must be one of: deliver, mark, hold, refuse");
        }

        if (PostfixQueue.Problem(QueueHelper) is { } problem) section.Problem("queueHelper", problem);
        if (InsistMinDelay >= InsistWindow) section.Problem("insistMinDelay", "must be shorter than \"insistWindow\"");
    }

    private static string? ReadUrl(SettingsSection section)
    {
        if (section.OptionalString("insistUrl") is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.Query.Length == 0 && text.Length <= 200)
            return text.EndsWith('/') ? text : text + "/";

        section.Problem("insistUrl", $"\"{text}\" must be a web address of at most 200 characters such as https://vigie.example.org/insist/");
        return null;
    }

    private static string? ReadContact(SettingsSection section)
    {
        if (section.OptionalString("contact") is not { } text) return null;
        if (text.Length <= 200 && System.Text.Ascii.IsValid(text) && !text.Any(char.IsControl)) return text;
        section.Problem("contact", "must be at most 200 plain ASCII characters: it is written into SMTP replies");
        return null;
    }

    private static IReadOnlyList<string> ReadLanguages(SettingsSection section, IReadOnlyList<string> fallback)
    {
        var languages = section.Strings("languages", fallback);
        foreach (var language in languages.Where(language => language is not ("en" or "fr")))
            section.Problem("languages", $"\"{language}\" must be one of: en, fr");
        return languages.Count == 0 ? fallback : [.. languages.Distinct(StringComparer.Ordinal)];
    }
}

/// <summary>How notices to senders go out (<c>mail.notices:</c>).</summary>
public sealed partial record NoticeSettings
{
    /// <summary>Whether senders are told about held and returned mail.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The mail server that takes notices.</summary>
    public IPEndPoint Smtp { get; init; } = new(IPAddress.Loopback, 25);

    /// <summary>The address notices come from in the header; their envelope sender is always empty, so that they are never answered.</summary>
    public string From { get; init; } = "postmaster@localhost";

    internal static NoticeSettings Read(SettingsSection section)
    {
        var defaults = new NoticeSettings();
        var settings = new NoticeSettings
        {
            Enabled = section.Bool("enabled", defaults.Enabled),
            Smtp = section.EndPoint("smtp", defaults.Smtp),
            From = section.String("from", defaults.From),
        };
        if (!PlainAddress().IsMatch(settings.From)) section.Problem("from", $"\"{settings.From}\" must be a plain address such as postmaster@example.org");
        return settings;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}$")]
    private static partial Regex PlainAddress();
}
