using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Commands.Logs;

/// <summary>What a scan came to, for a person: by level, by rule, by host, then what was read and what was not.</summary>
internal sealed class SummaryText(TextWriter output, string language)
{
    private const int MostHosts = 20;
    private const int MostProblems = 50;
    private const int MostNotLogs = 10;

    /// <summary>The findings by level, rule and host.</summary>
    public void WriteFindings(ScanSummary summary)
    {
        if (summary.Findings == 0)
        {
            Line(new Bilingual("Nothing was found.", "Rien n’a été trouvé."));
            return;
        }

        foreach (var level in Enum.GetValues<Severity>().Reverse().Where(level => summary.Of(level) > 0))
            output.WriteLine($"{N(summary.Of(level)),9}  {LogHit.NameOf(level)}");
        output.WriteLine();
        Line(new Bilingual(
            $"{"level",-13}  {"events",9}  {"hosts",5}  {"first",-17}  {"last",-17}  rule",
            $"{"niveau",-13}  {"évén.",9}  {"hôtes",5}  {"premier",-17}  {"dernier",-17}  règle"));
        foreach (var rule in summary.Rules)
            output.WriteLine($"{LogHit.NameOf(rule.Level),-13}  {N(rule.Events),9}  {N(rule.Hosts),5}  {Time(rule.First),-17}  {Time(rule.Last),-17}  {TerminalText.Plain(rule.Titles.In(language), 100)}");
        output.WriteLine();
        Line(new Bilingual($"{"critical",8}  {"high",8}  {"medium",8}  {"low",8}  {"inform.",8}  host", $"{"critical",8}  {"high",8}  {"medium",8}  {"low",8}  {"inform.",8}  hôte"));
        var hosts = summary.Hosts;
        foreach (var (host, levels) in hosts.Take(MostHosts))
            output.WriteLine($"{string.Join("  ", levels.Reverse().Select(count => $"{(count == 0 ? "-" : N(count)),8}"))}  {TerminalText.Plain(host, 80)}");
        if (hosts.Count > MostHosts)
            Line(new Bilingual($"… and {N(hosts.Count - MostHosts)} further hosts", $"… et {N(hosts.Count - MostHosts)} autres hôtes"));
    }

    /// <summary>What was read, how fast, and everything that was not.</summary>
    public void WriteReading(ScanSummary summary, TimeSpan took)
    {
        var seconds = Math.Max(took.TotalSeconds, 0.001);
        var megabytes = summary.Bytes / 1e6;
        var (time, size, speed) = (seconds.ToString("0.0", Culture), megabytes.ToString(megabytes < 100 ? "0.0" : "N0", Culture), (megabytes / seconds).ToString("0.0", Culture));
        Line(new Bilingual(
            $"{N(summary.Findings)} findings in {N(summary.Events)} events of {N(summary.Files)} files, {size} MB in {time} s ({speed} MB/s).",
            $"{N(summary.Findings)} constats dans {N(summary.Events)} événements de {N(summary.Files)} fichiers, {size} Mo en {time} s ({speed} Mo/s)."));
        if (summary.Older > 0)
            Line(new Bilingual($"{N(summary.Older)} events are older than asked for.", $"{N(summary.Older)} événements sont plus anciens que demandé."));
        if (summary.NotLogs.Count > 0)
        {
            Line(new Bilingual($"{N(summary.NotLogs.Count)} files are in no format that is known:", $"{N(summary.NotLogs.Count)} fichiers ne sont dans aucun format connu :"));
            List(summary.NotLogs.Order(StringComparer.Ordinal).Select(file => TerminalText.Plain(file)).ToList(), MostNotLogs, 0);
        }

        if (summary.Problems.Count == 0) return;
        Line(new Bilingual("Not read:", "Non lu :"));
        List([.. summary.Problems.Select(problem => $"{TerminalText.Plain(problem.File)}: {TerminalText.Plain(problem.Text)}")], MostProblems, summary.FurtherProblems);
    }

    private void List(List<string> lines, int most, long further)
    {
        foreach (var line in lines.Take(most)) output.WriteLine($"  {line}");
        further += Math.Max(0, lines.Count - most);
        if (further > 0) Line(new Bilingual($"  … and {N(further)} more", $"  … et {N(further)} de plus"));
    }

    private CultureInfo Culture => CultureInfo.GetCultureInfo(language);

    private string N(long number) => number.ToString("N0", Culture);

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";

    private void Line(Bilingual text) => output.WriteLine(text.In(language));
}
