using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Matching;
using Vigie.Engine.Sigma.Testing;
using Vigie.Watches.Logs.Explaining;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules test</c>: runs the positive and negative cases that stand beside rules.</summary>
internal static class RulesTestCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var paths = new Argument<string[]>("PATH") { Description = "Rule files and folders (default: the rules that come with the program).", Arity = ArgumentArity.ZeroOrMore };
        var strict = new Option<bool>("--strict") { Description = "A rule without both a case that must fire and one that must not counts as failed." };
        var explain = new Option<bool>("--explain") { Description = "Show term by term why, for each case that failed." };
        var json = new Option<bool>("--json") { Description = "Every case as a JSON list." };
        var command = new Command("test", "Run the cases beside rules: name.tests.yaml beside name.yml, see docs/sigma.md. Exit code 1 when one fails.") { paths, strict, explain, json };
        options.AddTo(command);
        command.SetAction((result, token) => Task.FromResult(Run(result, options, result.GetValue(paths)!, result.GetValue(strict), result.GetValue(explain), result.GetValue(json), token)));
        return command.WithExamples(
            ("vigie rules test", "The cases of the rules that come with Vigie."),
            ("vigie rules test ~/rules --strict --explain", "Own rules; each must have cases, and failures are explained."));
    }

    private static int Run(ParseResult result, SettingsOptions options, string[] paths, bool strict, bool explain, bool json, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var (output, error, language) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, Language.Of(result));
        var missing = false;
        var files = RuleFiles.Find(paths.Length > 0 ? paths : [settings.Logs.BuiltInRulesDirectory], (path, why) =>
        {
            error.WriteLine($"{path}: {why}");
            missing = true;
        }).Select(file => file.Path).ToList();
        if (missing) return ExitCodes.Failed;

        var run = new TestRun(RuleSelection.Of(settings.Logs).ReaderOptions);
        foreach (var file in files.Where(file => !SigmaTestFile.Is(file)))
        {
            token.ThrowIfCancellationRequested();
            run.Take(file);
        }

        foreach (var orphan in files.Where(file => SigmaTestFile.Is(file) && !run.Read.Contains(file)))
            run.Problems.Add(new SigmaProblem(orphan, 1, "tests.no-rule", new Bilingual("There is no rule file beside it.", "Il n’y a pas de fichier de règle à côté."), IsError: true));
        if (strict) run.ReportUntested();
        foreach (var problem in run.Problems.Where(problem => problem.IsError)) error.WriteLine(RuleProblemLine.Of(problem, language));
        if (json) output.WriteLine(JsonSerializer.Serialize(run.Results.Select(Row), JsonOutput.Options));
        else Write(output, run, explain, language);
        return run.Results.Exists(test => !test.Passed) || run.Problems.Exists(problem => problem.IsError) ? ExitCodes.Found : ExitCodes.Ok;
    }

    private static void Write(TextWriter output, TestRun run, bool explain, string language)
    {
        foreach (var test in run.Results.Where(test => !test.Passed))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TerminalText.Plain(test.Test.File)}:{test.Test.Line}: {TerminalText.Plain(test.Test.Name)}: {TerminalText.Plain(test.Why.In(language))}"));
            if (!explain || test.Explanation is not { } explanation) continue;
            foreach (var line in explanation.Conditions.SelectMany(condition => ExplanationLine.Of(condition, whole: false)))
                output.WriteLine("  " + ExplanationText.Of(line, language));
        }

        var failed = run.Results.Count(test => !test.Passed);
        output.WriteLine(new Bilingual(
            $"{run.Results.Count} cases of {run.Tested} rules: {run.Results.Count - failed} passed, {failed} failed; {run.Untested.Count} rules have no cases on both sides.",
            $"{run.Results.Count} cas de {run.Tested} règles : {run.Results.Count - failed} réussis, {failed} échoués ; {run.Untested.Count} règles n’ont pas de cas des deux côtés.").In(language));
    }

    private static object Row(SigmaTestResult test) => new
    {
        test.Test.File,
        test.Test.Line,
        test.Test.Name,
        rule = test.Rule?.Id ?? test.Correlation?.Id,
        expected = test.Test.Matches ? "match" : "miss",
        test.Passed,
        why = new { en = test.Why.English, fr = test.Why.French },
    };

    private sealed class TestRun(SigmaReaderOptions reading)
    {
        private readonly HashSet<string> _tested = new(StringComparer.Ordinal);

        public List<SigmaTestResult> Results { get; } = [];

        public List<SigmaProblem> Problems { get; } = [];

        public HashSet<string> Read { get; } = new(StringComparer.Ordinal);

        public List<(string File, int Line, string Title)> Untested { get; } = [];

        public int Tested => _tested.Count;

        public void Take(string file)
        {
            var documents = SigmaReader.Read(File.ReadAllText(file), file, reading);
            Problems.AddRange(documents.Problems);
            var testFile = SigmaTestFile.For(file);
            var correlations = CorrelationSet.Read(documents.Rules, documents.Correlations);
            IReadOnlyList<SigmaTestResult> results = [];
            if (File.Exists(testFile))
            {
                Read.Add(testFile);
                var tests = SigmaTestFile.Read(File.ReadAllText(testFile), testFile);
                Problems.AddRange(tests.Problems);
                var set = RuleSet.Compile(documents.Rules, new RuleSetOptions { Fields = correlations.RequiredFields });
                results = [.. SigmaTestRun.Run(tests, documents.Rules), .. CorrelationTestRun.Run(tests, set, correlations)];
                Results.AddRange(results);
            }

            // A rule that speaks only through a correlation is tested by the correlation's cases.
            for (var i = 0; i < documents.Rules.Length; i++)
            {
                var rule = documents.Rules[i];
                Judge(rule.Id, (rule.File, rule.Line, rule.Title), [.. results.Where(test => test.Rule == rule)], mayLack: correlations.IsSilenced(i));
            }

            foreach (var correlation in correlations.Correlations)
                Judge(correlation.Id, (correlation.File, correlation.Line, correlation.Title), [.. results.Where(test => test.Correlation == correlation)], mayLack: correlations.IsSilenced(correlation));
        }

        private void Judge(string id, (string File, int Line, string Title) rule, List<SigmaTestResult> own, bool mayLack)
        {
            if (own.Count > 0) _tested.Add(id);
            if (!mayLack && (!own.Exists(test => test.Test.Matches) || own.TrueForAll(test => test.Test.Matches))) Untested.Add(rule);
        }

        public void ReportUntested() => Problems.AddRange(Untested.Select(rule => new SigmaProblem(rule.File, rule.Line, "tests.untested", new Bilingual(
            $"\"{rule.Title}\" has no case that must fire and one that must not.", $"« {rule.Title} » n’a pas de cas qui doit la déclencher et un qui ne le doit pas."), IsError: true)));
    }
}
