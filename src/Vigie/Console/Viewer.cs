using System.Globalization;
using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>
/// Whom one request's page is for: the account, if somebody is logged in, the language and the theme, and how numbers
/// and times are written for them. Filled by <see cref="Gate"/>, injected into pages.
/// </summary>
public sealed class Viewer(ConsoleSettings settings, TimeProvider time)
{
    // 24-hour clock and day before month in both languages; only the words differ.
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr-FR");

    /// <summary>The person; null where nobody is logged in.</summary>
    public Account? Account { get; internal set; }

    /// <summary>The session; null where nobody is logged in.</summary>
    public OpenSession? Session { get; internal set; }

    /// <summary><c>en</c> or <c>fr</c>.</summary>
    public string Language { get; internal set; } = "en";

    /// <summary><c>light</c>, <c>dark</c>, or null to follow the device.</summary>
    public string? Theme { get; internal set; }

    /// <summary>What the action before this page has to say.</summary>
    public Flash? Flash { get; internal set; }

    /// <summary>How this person writes numbers and dates.</summary>
    public CultureInfo Culture => Language == "fr" ? French : English;

    /// <summary>The sentence in this person's language.</summary>
    public string this[Bilingual text] => Language == "fr" ? FrenchSpacing.Set(text.French) : text.English;

    /// <summary>The actor written into the journal.</summary>
    /// <exception cref="InvalidOperationException">Nobody is logged in; the gate let something through that it must not.</exception>
    public string Name => Account?.Name ?? throw new InvalidOperationException("no account in an action that needs one");

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Whether this person may do this.</summary>
    public bool May(Permission permission) => Account is { } account && Access.Allows(account.Role, permission);

    public string Number(long value) => value.ToString("N0", Culture);

    /// <summary>A share in [0,1] as a percentage that never rounds to a false certainty.</summary>
    public string Percent(double share)
    {
        var format = share is > 0.999 and < 1 or > 0 and < 0.001 ? "P2" : share is > 0.99 and < 1 or > 0 and < 0.1 ? "P1" : "P0";
        return share.ToString(format, Culture);
    }

    /// <summary>A probability over its whole range: as a percentage, or as "1 in n" where that says more.</summary>
    public string Likelihood(double probability) => probability switch
    {
        >= 0.01 => Percent(probability),
        <= 0 or double.NaN => "–",
        < 1e-12 => this[new Bilingual("never", "jamais")],
        _ => this[new Bilingual($"1 in {Rounded(1 / probability)}", $"1 sur {Rounded(1 / probability)}")],
    };

    /// <summary>A size in bytes, in units of 1000.</summary>
    public string Size(long bytes)
    {
        string[] units = Language == "fr" ? ["o", "ko", "Mo", "Go", "To"] : ["B", "kB", "MB", "GB", "TB"];
        double value = bytes;
        var unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 || value >= 100 ? "N0" : "N1", Culture) + "\u00a0" + units[unit];
    }

    /// <summary>A colon as this language sets it: French puts a space before it.</summary>
    public string Colon => Language == "fr" ? "\u00a0:" : ":";

    /// <summary>A time in the console's zone: 21 Nov 19:36, with the year where it is not the present one.</summary>
    public string Time(DateTimeOffset at)
    {
        var local = Local(at);
        return local.ToString(local.Year == Local(Now).Year ? "d MMM HH:mm" : "d MMM yyyy HH:mm", Culture);
    }

    /// <summary>A time to the second and with its offset, for where exactness counts.</summary>
    public string ExactTime(DateTimeOffset at) => Local(at) is var local && local.Offset == TimeSpan.Zero
        ? local.ToString("d MMM yyyy HH:mm:ss 'UTC'", Culture)
        : local.ToString("d MMM yyyy HH:mm:ss 'UTC'zzz", Culture);

    /// <summary>The zone times are shown in.</summary>
    public string Zone => settings.TimeZone.Id == "Etc/UTC" ? "UTC" : settings.TimeZone.Id;

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, settings.TimeZone);

    /// <summary>How long ago, or how soon, in words.</summary>
    public string Relative(DateTimeOffset at)
    {
        var span = Now - at;
        if (span.Duration() < TimeSpan.FromSeconds(60)) return this[new Bilingual("just now", "à l’instant")];
        var length = Length(span.Duration());
        return span > TimeSpan.Zero
            ? this[new Bilingual($"{length} ago", $"il y a {length}")]
            : this[new Bilingual($"in {length}", $"dans {length}")];
    }

    /// <summary>A length of time in its largest whole unit.</summary>
    public string Length(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => Count((long)span.TotalSeconds, "second", "seconds", "seconde", "secondes"),
        { TotalMinutes: < 60 } => Count((long)span.TotalMinutes, "minute", "minutes", "minute", "minutes"),
        { TotalHours: < 48 } => Count((long)span.TotalHours, "hour", "hours", "heure", "heures"),
        _ => Count((long)span.TotalDays, "day", "days", "jour", "jours"),
    };

    /// <summary>A number and its noun: English takes the plural except for 1, French from 2 on.</summary>
    public string Count(long count, string englishOne, string englishMany, string frenchOne, string frenchMany)
    {
        var noun = Language == "fr" ? count is > -2 and < 2 ? frenchOne : frenchMany : count == 1 ? englishOne : englishMany;
        return $"{Number(count)}\u00a0{noun}";
    }

    private string Rounded(double value)
    {
        if (value >= 1e6) return value.ToString("0.#e0", CultureInfo.InvariantCulture);
        var scale = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(value)) - 1));
        return Number((long)(Math.Round(value / scale) * scale));
    }
}
