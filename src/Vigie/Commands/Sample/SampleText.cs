using System.Globalization;
using System.Text.RegularExpressions;

namespace Vigie.Commands.Sample;

/// <summary>
/// Writes out the files of <c>samples/story</c>: their times are told from the moment the sample was first started.
/// <c>{-3h5m}</c> is a time in ISO 8601, <c>{plain-…}</c> the same without its zone, <c>{epoch-…}</c> seconds since 1970,
/// <c>{clf-…}</c> as web servers write it; <c>{n}</c> numbers the lines. A line <c># repeat 30 5m 40s</c> has the next one
/// thirty times, five minutes and up to forty seconds apart, <c>{i}</c> counting from 10 and <c>{i1}</c> its last digit;
/// other lines that begin with <c>#</c> are left out. Lines come out in the order of their first times.
/// </summary>
internal static partial class SampleText
{
    private const int FirstNumber = 1000;
    private const int FirstIndex = 10;

    /// <summary>The lines of a file, each with its line end.</summary>
    /// <param name="template">The file as it lies in the folder.</param>
    /// <param name="start">The moment times are told from.</param>
    public static string Render(string template, DateTimeOffset start)
    {
        var lines = new List<(DateTimeOffset Time, string Text)>();
        var number = FirstNumber;
        var repeat = new Repeat(1, TimeSpan.Zero, TimeSpan.Zero);
        foreach (var line in template.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                if (RepeatLine().Match(line) is { Success: true } match) repeat = new Repeat(Number(match.Groups[1]), Span(match.Groups[2]), Span(match.Groups[3]));
                continue;
            }

            for (var i = 0; i < repeat.Times; i++)
            {
                var from = start + repeat.At(i);
                var first = Token().Matches(line).FirstOrDefault(match => match.Groups["back"].Success);
                lines.Add((first is null ? from : from - Span(first.Groups["back"]), Line(line, from, number++, FirstIndex + i)));
            }

            repeat = new Repeat(1, TimeSpan.Zero, TimeSpan.Zero);
        }

        return string.Concat(lines.OrderBy(line => line.Time).Select(line => line.Text + "\n"));
    }

    private static string Line(string line, DateTimeOffset from, int number, int index) => Token().Replace(
        line,
        match => match.Groups["word"].Value switch
        {
            "n" => number.ToString(CultureInfo.InvariantCulture),
            "i" => index.ToString(CultureInfo.InvariantCulture),
            "i1" => (index % 10).ToString(CultureInfo.InvariantCulture),
            var kind => Time(kind, from - Span(match.Groups["back"])),
        });

    private static string Time(string kind, DateTimeOffset time) => kind switch
    {
        "epoch" => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture),
        "plain" => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        "clf" => time.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture),
        _ => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
    };

    private static TimeSpan Span(Group group) =>
        SpanPart().Matches(group.Value).Aggregate(TimeSpan.Zero, (sum, part) => sum + part.Groups[2].Value switch
        {
            "h" => TimeSpan.FromHours(Number(part.Groups[1])),
            "m" => TimeSpan.FromMinutes(Number(part.Groups[1])),
            _ => TimeSpan.FromSeconds(Number(part.Groups[1])),
        });

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^# repeat (\d{1,4}) (\d[\dhms]*)(?: (\d[\dhms]*))?$")]
    private static partial Regex RepeatLine();

    [GeneratedRegex(@"\{(?:(?<word>n|i1|i)|(?<word>epoch|plain|clf)?(?<back>-[\dhms]+))\}")]
    private static partial Regex Token();

    [GeneratedRegex(@"(\d{1,6})([hms])")]
    private static partial Regex SpanPart();

    // Programs are not punctual; the same unpunctuality each time keeps what is written the same.
    private readonly record struct Repeat(int Times, TimeSpan Every, TimeSpan Jitter)
    {
        public TimeSpan At(int index) => (Every * index) + TimeSpan.FromSeconds(index * 7919L % ((long)Jitter.TotalSeconds + 1));
    }
}
