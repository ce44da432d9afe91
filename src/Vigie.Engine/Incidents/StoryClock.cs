namespace Vigie.Engine.Incidents;

/// <summary>Says when, as far as what was said before leaves it open.</summary>
internal sealed class StoryClock(TimeZoneInfo zone, bool withYearFirst)
{
    private DateTime? _last;
    private DateTime? _day;

    /// <summary>When a step was, after those that were told before it.</summary>
    public Bilingual When(DateTimeOffset first, DateTimeOffset last)
    {
        var (from, until) = (Minute(first), Minute(last));
        var phrase = from.Date != until.Date ? FromDayToDay(from, until) : _day == from.Date ? SameDay(from, until) : OnDay(from, until, withYearFirst && _day is null);
        _day = until.Date;
        _last = _last > until ? _last : until;
        return phrase;
    }

    /// <summary>From when to when everything was.</summary>
    public static Bilingual Span(DateTimeOffset first, DateTimeOffset last, TimeZoneInfo zone)
    {
        var (from, until) = (Local(first, zone), Local(last, zone));
        if (from.Date != until.Date) return FromDayToDay(from, until, year: true);
        var date = StoryWords.Date(from, year: true);
        var (start, end) = (StoryWords.Clock(from), StoryWords.Clock(until));
        return start == end
            ? new Bilingual($"on {date.English} at {start}", $"le {date.French} à {start}")
            : new Bilingual($"on {date.English} between {start} and {end}", $"le {date.French} entre {start} et {end}");
    }

    private Bilingual SameDay(DateTime from, DateTime until)
    {
        var time = Times(from, until);
        if (_last is not { } last) return time;
        if (from == last && until == from) return new Bilingual("at the same time", "au même moment");
        return from < last
            ? new Bilingual($"meanwhile, {time.English}", $"pendant ce temps, {time.French}")
            : new Bilingual($"then, {time.English}", $"puis, {time.French}");
    }

    private static Bilingual OnDay(DateTime from, DateTime until, bool year)
    {
        var (date, time) = (StoryWords.Date(from, year), Times(from, until));
        return new Bilingual($"on {date.English} {time.English}", $"le {date.French} {time.French}");
    }

    private static Bilingual FromDayToDay(DateTime from, DateTime until, bool year = false)
    {
        var (first, last) = (StoryWords.Date(from, year && from.Year != until.Year), StoryWords.Date(until, year));
        return new Bilingual(
            $"from {first.English} {StoryWords.Clock(from)} to {last.English} {StoryWords.Clock(until)}",
            $"du {first.French} {StoryWords.Clock(from)} au {last.French} {StoryWords.Clock(until)}");
    }

    private static Bilingual Times(DateTime from, DateTime until)
    {
        var (start, end) = (StoryWords.Clock(from), StoryWords.Clock(until));
        return start == end ? new Bilingual($"at {start}", $"à {start}") : new Bilingual($"between {start} and {end}", $"entre {start} et {end}");
    }

    private DateTime Minute(DateTimeOffset at)
    {
        var local = Local(at, zone);
        return local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
    }

    private static DateTime Local(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).DateTime;
}
