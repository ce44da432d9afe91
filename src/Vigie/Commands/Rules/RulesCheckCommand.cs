using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Linting;
using Vigie.Engine.Sigma.Testing;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules check</c>: the linter of detection rules.</summary>
internal static class RulesCheckCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var paths = new Argument<string[]>("PATH") { Description = "Rule files and folders.", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors." };
        var errors = new Option<bool>("--errors") { Description = "Leave out warnings." };
        var json = new Option<bool>("--json") { Description = "The problems as a JSON list." };
        var command = new Command("check", "Check rules: one problem a line, file:line: code: message; see docs/sigma.md for the codes. Exit code 1 when a rule cannot be used.") { paths, strict, errors, json };
        options.AddTo(command);
        command.SetAction((result, token) => Task.FromResult(Run(result, options, result.GetValue(paths)!, result.GetValue(strict), result.GetValue(errors), result.GetValue(json), token)));
        return command.WithExamples(
            ("vigie rules check rules/sigma", "The rules that come with Vigie."),
            ("vigie rules check ~/rules --strict --json", "Own rules, for a build that fails on warnings too."));
    }

    private static int Run(ParseResult result, SettingsOptions options, string[] paths, bool strict, bool errorsOnly, bool json, CancellationToken token)
    {
        if (options.Load(result) is not { } settings) return ExitCodes.Usage;
        var (output, error, language) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, Language.Of(result));
        if (paths.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
        {
            error.WriteLine($"{missing}: there is no such file or folder.");
            return ExitCodes.Failed;
        }

        var selection = RuleSelection.Of(settings.Logs) with { Paths = [.. paths], Optional = [], CacheDirectory = null };
        var loaded = RuleLoader.Load(selection, token);
        var problems = Problems(paths, selection, loaded, token).Where(problem => problem.IsError || !errorsOnly).ToList();
        if (json) output.WriteLine(JsonSerializer.Serialize(problems.Select(Row), JsonOutput.Options));
        else foreach (var problem in problems) output.WriteLine(RuleProblemLine.Of(problem with { File = Shown(problem.File) }, language));

        var failed = problems.Count(problem => problem.IsError);
        string N(int number) => number.ToString("N0", CultureInfo.GetCultureInfo(language));
        (json ? error : output).WriteLine(new Bilingual(
            $"{N(loaded.Files)} files, {N(loaded.Rules.Length + loaded.Correlations.Correlations.Length)} rules: {N(failed)} errors, {N(problems.Count - failed)} warnings.",
            $"{N(loaded.Files)} fichiers, {N(loaded.Rules.Length + loaded.Correlations.Correlations.Length)} règles : {N(failed)} erreurs, {N(problems.Count - failed)} avertissements.").In(language));
        return failed > 0 || (strict && problems.Count > 0) ? ExitCodes.Found : ExitCodes.Ok;
    }

    // The linter looks at each file and at rules beside each other; loading adds what only shows once all are put together:
    // references of correlations, filters, pipelines, files that cannot be read.
    private static IEnumerable<SigmaProblem> Problems(string[] paths, RuleSelection selection, LoadedRules loaded, CancellationToken token)
    {
        var files = RuleFiles.Find(paths, (_, _) => { }).Select(file => file.Path).Where(file => !SigmaTestFile.Is(file) && new FileInfo(file).Length <= RuleLoader.MaxFileBytes);
        var linted = SigmaLinter.Check(files.Select(file => KeyValuePair.Create(file, Text(file, token))), selection.ReaderOptions);
        var known = linted.Select(problem => (problem.File, problem.Line, problem.Code)).ToHashSet();
        return linted.Concat(loaded.Problems.Where(problem => problem.Code != "rule.replaced" && known.Add((problem.File, problem.Line, problem.Code))))
            .OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line).ThenBy(problem => problem.Code, StringComparer.Ordinal);
    }

    private static string Text(string file, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Loading says so, with the reason.
            return "";
        }
    }

    private static string Shown(string file)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static object Row(SigmaProblem problem) => new
    {
        file = Shown(problem.File),
        problem.Line,
        problem.Code,
        severity = problem.IsError ? "error" : "warning",
        message = new { en = problem.Message.English, fr = problem.Message.French },
    };
}
