using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Testing;

/// <summary>
/// The test cases beside a rule: <c>name.tests.yaml</c> beside <c>name.yml</c>. Described in <c>docs/sigma.md</c>, "Test cases".
/// </summary>
/// <param name="File">Its name as given to the reader.</param>
/// <param name="Cases">Its cases, in their order.</param>
/// <param name="Problems">What is wrong with it.</param>
public sealed record SigmaTestFile(string File, ImmutableArray<SigmaTestCase> Cases, ImmutableArray<SigmaProblem> Problems)
{
    private const string Ending = ".tests.yaml";

    /// <summary>Whether a file of this name holds test cases and no rules.</summary>
    public static bool Is(string file) => file.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the test cases of a rule file stand.</summary>
    public static string For(string ruleFile)
    {
        var dot = ruleFile.LastIndexOf('.');
        return (dot > ruleFile.LastIndexOfAny(['/', '\\']) ? ruleFile[..dot] : ruleFile) + Ending;
    }

    /// <summary>Reads a test file. Never throws.</summary>
    public static SigmaTestFile Read(string text, string file)
    {
        var problems = new List<SigmaProblem>();
        var sink = new ProblemSink(file, problems);
        var cases = ImmutableArray.CreateBuilder<SigmaTestCase>();
        foreach (var document in SigmaYaml.Read(text, file, problems))
        {
            if (document.Root["tests"] is not SigmaList tests)
            {
                sink.Error(document.Root.Line, "tests.missing", "A test file has a list 'tests'.", "Un fichier de tests a une liste « tests ».");
                continue;
            }

            foreach (var item in tests.Items) ReadCase(item, document.Root, file, sink, cases);
        }

        return new SigmaTestFile(file, cases.ToImmutable(), [.. problems]);
    }

    private static void ReadCase(SigmaNode item, SigmaMap root, string file, ProblemSink sink, ImmutableArray<SigmaTestCase>.Builder cases)
    {
        if (item is not SigmaMap map || map["name"]?.Text is not { } name)
        {
            sink.Error(item.Line, "tests.form", "A test is a map with 'name', and with 'match' or 'miss'.", "Un test est une table avec « name », et « match » ou « miss ».");
            return;
        }

        foreach (var entry in map.Entries)
        {
            if (entry.Name is not ("name" or "rule" or "format" or "file" or "match" or "miss"))
                sink.Error(entry.Line, "tests.form", $"There is no key '{entry.Name}' in a test.", $"Il n'y a pas de clé « {entry.Name} » dans un test.");
        }

        var before = cases.Count;
        foreach (var (key, matches) in new[] { ("match", true), ("miss", false) })
        {
            var events = map[key] is SigmaList list ? list.Items : map[key] is { } one ? [one] : [];
            foreach (var written in events)
            {
                if ((written is SigmaScalar && written.Text is null) || (written is SigmaList sequence && sequence.Items.Any(e => e is not SigmaMap)))
                    sink.Error(written.Line, "tests.form", "An event is a map of fields, or the text of a log; a sequence for a correlation is a list of maps.", "Un événement est une table de champs, ou le texte d'un journal ; une suite pour une corrélation est une liste de tables.");
                else
                    cases.Add(new SigmaTestCase(file, written.Line, name, Text("rule"), matches, written, Text("format"), Text("file") ?? ""));
            }
        }

        if (cases.Count == before && !sink.HasErrors) sink.Error(map.Line, "tests.form", $"The test '{name}' has no event.", $"Le test « {name} » n'a pas d'événement.");

        string? Text(string key) => (map[key] ?? root[key])?.Text;
    }
}

/// <summary>One event and what a rule must make of it.</summary>
/// <param name="File">The test file.</param>
/// <param name="Line">The line of the event, from 1.</param>
/// <param name="Name">The name of the test it stands in.</param>
/// <param name="Rule">The id, name or title of the rule; null where the rule file has one rule.</param>
/// <param name="Matches">Whether the rule must fire.</param>
/// <param name="Event">A map of fields, or the text of a log; for a correlation a list of maps, events in time.</param>
/// <param name="Format">The id of the log's format; null to recognize it.</param>
/// <param name="LogFile">The name of the log's file, which some formats go by; may be empty.</param>
public sealed record SigmaTestCase(string File, int Line, string Name, string? Rule, bool Matches, SigmaNode Event, string? Format, string LogFile);
