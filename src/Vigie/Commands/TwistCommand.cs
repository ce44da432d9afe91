using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Vigie.Engine.Lookalikes;

namespace Vigie.Commands;

/// <summary><c>vigie twist</c>: the names that somebody may type, or take, for a domain. Needs no settings and no store.</summary>
internal static class TwistCommand
{
    private static readonly Dictionary<string, ImitationFamily> Families = Enum.GetValues<ImitationFamily>().ToDictionary(NameOf, StringComparer.Ordinal);

    private enum Format
    {
        Lines,
        Table,
        Csv,
        Json,
    }

    public static Command Create()
    {
        var domains = new Argument<string[]>("domain") { Description = "Domains, in Unicode or punycode.", Arity = ArgumentArity.OneOrMore };
        var table = new Option<bool>("--table") { Description = "A table with family, likelihood, resemblance and explanation." };
        var csv = new Option<bool>("--csv") { Description = "The same as comma-separated values (RFC 4180)." };
        var json = new Option<bool>("--json") { Description = "The same as a JSON list." };
        var limit = new Option<int?>("--limit") { Description = "At most so many for each domain (default: all).", HelpName = "N" }.Within(1, int.MaxValue);
        var families = new Option<string[]>("--family") { Description = "Only these families: " + string.Join(", ", Families.Keys) + ".", HelpName = "FAMILY" };
        var keyboards = new Option<string[]>("--keyboard") { Description = "Whose neighboring keys count: qwerty, azerty, qwertz (default: all).", HelpName = "LAYOUT" };
        families.AcceptOnlyFromAmong([.. Families.Keys]);
        keyboards.AcceptOnlyFromAmong("qwerty", "azerty", "qwertz");
        var command = new Command("twist", "List the look-alikes of domains, likeliest first: one name a line, in ASCII form.") { domains, table, csv, json, limit, families, keyboards };
        command.Validators.Add(result =>
        {
            if (new[] { table, csv, json }.Count(result.GetValue) > 1) result.AddError("Only one of --table, --csv and --json.");
        });
        command.SetAction(result =>
        {
            var options = new GeneratorOptions
            {
                Families = result.GetValue(families) is { Length: > 0 } wanted ? [.. wanted.Select(name => Families[name])] : null,
                Keyboards = result.GetValue(keyboards) is { Length: > 0 } layouts ? layouts.Aggregate(KeyboardLayouts.None, (all, name) => all | Enum.Parse<KeyboardLayouts>(name, ignoreCase: true)) : KeyboardLayouts.All,
            };
            var format = result.GetValue(json) ? Format.Json : result.GetValue(csv) ? Format.Csv : result.GetValue(table) ? Format.Table : Format.Lines;
            return Run(result, result.GetValue(domains)!, options, format, result.GetValue(limit) ?? int.MaxValue);
        });
        command.WithExamples(
            ("vigie twist army.mil", "Every look-alike of army.mil, one a line."),
            ("vigie twist army.mil us.af.mil --table --limit 20", "The twenty likeliest of each, with why."),
            ("vigie twist bnda.ml --csv --keyboard azerty > bnda.csv", "All details, slips of a French keyboard only."),
            ("vigie twist example.com --family tld-typo --json", "One family, for a program to read."));
        return command;
    }

    /// <summary>A family's name on the command line: <c>tld-typo</c>.</summary>
    internal static string NameOf(ImitationFamily family) => JsonNamingPolicy.KebabCaseLower.ConvertName(family.ToString());

    private static int Run(ParseResult result, string[] domains, GeneratorOptions options, Format format, int limit)
    {
        var language = Language.Of(result);
        var bad = false;
        foreach (var domain in domains)
        {
            if (CandidateGenerator.ProblemOf(domain) is not { } problem) continue;
            result.InvocationConfiguration.Error.WriteLine($"{domain}: {problem.In(language)}");
            bad = true;
        }

        if (bad) return ExitCodes.Usage;
        var generator = new CandidateGenerator(options);
        using var page = new Page(result.InvocationConfiguration.Output);
        if (format == Format.Csv) page.Line("target,domain,unicode,family,likelihood,resemblance,explanation");
        if (format == Format.Json) page.Line("[");
        var first = true;
        foreach (var domain in domains)
        {
            DomainNames.TryNormalize(domain, out var target, out _);
            var ranked = generator.Rank(target!);
            var rows = ranked.Take(limit).Select(candidate => new Row(target!, candidate));
            if (format == Format.Table) Table(page, rows.ToList(), language);
            else
            {
                foreach (var row in rows)
                {
                    page.Line(Text(row, format, language, first));
                    first = false;
                }
            }
        }

        if (format == Format.Json) page.Line("]");
        return ExitCodes.Ok;
    }

    private static string Text(Row row, Format format, string language, bool first) => format switch
    {
        Format.Json => (first ? "  " : "  ,") + JsonSerializer.Serialize(row.Details(), LineOptions),
        Format.Csv => string.Join(',', row.Fields(language).Select(Quoted)),
        _ => row.Candidate.Domain,
    };

    private static readonly JsonSerializerOptions LineOptions = new(JsonOutput.Options) { WriteIndented = false };

    private static void Table(Page page, List<Row> rows, string language)
    {
        string[] heading = language == "fr"
            ? ["cible", "domaine", "unicode", "famille", "probabilité", "ressemblance", "explication"]
            : ["target", "domain", "unicode", "family", "likelihood", "resemblance", "explanation"];
        var cells = rows.Select(row => row.Fields(language)).Prepend(heading).ToList();
        var widths = Enumerable.Range(0, heading.Length - 1).Select(column => cells.Max(row => row[column].Length)).ToArray();
        foreach (var row in cells) page.Line(string.Concat(widths.Select((width, column) => row[column].PadRight(width + 2))) + row[^1]);
    }

    // RFC 4180 §2: a field with a comma or a quote is quoted, its quotes doubled.
    private static string Quoted(string field) => field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private sealed record Row(string Target, Candidate Candidate)
    {
        public string[] Fields(string language) =>
        [
            Target, Candidate.Domain, DomainNames.ToUnicode(Candidate.Domain), NameOf(Candidate.Family), Candidate.Likelihood.ToString("0.00e+00", CultureInfo.InvariantCulture),
            Candidate.Resemblance.ToString("0.00", CultureInfo.InvariantCulture), Candidate.Explain(Target).In(language),
        ];

        public object Details()
        {
            var explanation = Candidate.Explain(Target);
            return new
            {
                target = Target,
                domain = Candidate.Domain,
                unicode = DomainNames.ToUnicode(Candidate.Domain),
                family = NameOf(Candidate.Family),
                likelihood = Candidate.Likelihood,
                resemblance = Math.Round(Candidate.Resemblance, 3),
                explanation = new { en = explanation.English, fr = explanation.French },
            };
        }
    }

    /// <summary>Writes in large pieces: standard output flushes at every write.</summary>
    private sealed class Page(TextWriter output) : IDisposable
    {
        private const int Piece = 32 * 1024;
        private readonly StringBuilder _text = new(Piece + 1024);

        public void Line(string text)
        {
            _text.Append(text).Append('\n');
            if (_text.Length >= Piece) Flush();
        }

        public void Dispose() => Flush();

        private void Flush()
        {
            output.Write(_text);
            _text.Clear();
        }
    }
}
