using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Watches.Logs.Explaining;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules explain</c>: why a rule did or did not fire for an event, term by term.</summary>
internal static class RulesExplainCommand
{
    // An event that somebody pastes or pipes; a log of any size is named by its path.
    private const int MaxInput = 16 * 1024 * 1024;

    public static Command Create()
    {
        var rules = new RuleOptions();
        var rule = new Argument<string>("RULE") { Description = "A rule file, or the id of a rule the node would use." };
        var log = new Argument<string>("EVENT") { Description = "A file with the event, in any format; - is standard input." };
        var record = new Option<string?>("--record") { Description = "The event with this record number (EventRecordID).", HelpName = "ID" };
        var number = new Option<long?>("--event") { Description = "The event at this place of the file, from 1.", HelpName = "N" }.Within(1, long.MaxValue);
        var whole = new Option<bool>("--all") { Description = "Long lists of values in full." };
        var json = new Option<bool>("--json") { Description = "The same as JSON." };
        var command = new Command("explain", "Show term by term why a rule fires for an event, or why it does not. Of several events the first it fires for, else the first of its log source.") { rule, log, record, number, whole, json };
        rules.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(record) is not null && result.GetValue(number) is not null) result.AddError("Only one of --record and --event.");
        });
        command.SetAction((result, token) => Task.FromResult(Run(
            result, rules, result.GetValue(rule)!, result.GetValue(log)!, new Choice(result.GetValue(record), result.GetValue(number)), result.GetValue(whole), result.GetValue(json), token)));
        return command.WithExamples(
            ("vigie rules explain rules/sigma/web/web_shell.yml event.json", "A rule file against an event in a file. Exit code 1 where it fires."),
            ("vigie rules explain 7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a01 Security.evtx --record 88410", "A rule in use against one record of an event log."),
            ("tail -1 audit.json | vigie rules explain my.yml - --lang fr", "Against what comes in, in French."));
    }

    private static int Run(ParseResult result, RuleOptions options, string name, string log, Choice choice, bool whole, bool json, CancellationToken token)
    {
        var (output, error, language) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, Language.Of(result));
        if (RulesOf(result, options, name, token) is not { } rules) return ExitCodes.Usage;
        var fired = false;
        foreach (var rule in rules)
        {
            var pick = new EventPick(rule) { Record = choice.Record, Number = choice.Number };
            if (pick.From(ContentsOf(log, error), diagnostic => error.WriteLine($"{log}: {diagnostic.Code}: {TerminalText.Plain(diagnostic.Message)}")) is not { } picked)
            {
                error.WriteLine(new Bilingual($"{log}: there is no such event in it.", $"{log} : aucun événement de ce genre.").In(language));
                return ExitCodes.Failed;
            }

            var explanation = SigmaInterpreter.Evaluate(rule, picked.Event);
            fired |= explanation.Matches;
            if (json) output.WriteLine(JsonSerializer.Serialize(Document(explanation, picked), JsonOutput.Options));
            else Write(output, explanation, picked, whole, language);
        }

        return fired ? ExitCodes.Found : ExitCodes.Ok;
    }

    private static ImmutableArray<SigmaRule>? RulesOf(ParseResult result, RuleOptions options, string name, CancellationToken token)
    {
        var (error, language) = (result.InvocationConfiguration.Error, Language.Of(result));
        if (File.Exists(name))
        {
            if (options.Settings.Load(result) is not { } settings) return null;
            var read = SigmaReader.Read(File.ReadAllText(name), name, RuleSelection.Of(settings.Logs).ReaderOptions);
            foreach (var problem in read.Problems) error.WriteLine(RuleProblemLine.Of(problem, language));
            if (read.Rules.IsEmpty) error.WriteLine(new Bilingual($"{name}: there is no rule in it that can be explained.", $"{name} : aucune règle à expliquer.").In(language));
            return read.Rules.IsEmpty ? null : read.Rules;
        }

        if (options.Load(result, null, token) is not { } loaded) return null;
        if (loaded.Find(name) is SigmaRule rule) return [rule];
        error.WriteLine(new Bilingual($"{name}: neither a file nor the id of a rule in use.", $"{name} : ni un fichier, ni l’identifiant d’une règle utilisée.").In(language));
        return null;
    }

    private static IEnumerable<LogContent> ContentsOf(string log, TextWriter error)
    {
        if (log != "-") return new LogContents(new ContentLimits(), (name, diagnostic) => error.WriteLine($"{TerminalText.Plain(name)}: {diagnostic.Code}: {TerminalText.Plain(diagnostic.Message)}")).Open(log);
        var bytes = new byte[MaxInput];
        using var input = System.Console.OpenStandardInput();
        var length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return [new LogContent("-", "", new MemoryStream(bytes, 0, length), DateTimeOffset.UtcNow)];
    }

    private static void Write(TextWriter output, RuleExplanation explanation, PickedEvent picked, bool whole, string language)
    {
        var rule = explanation.Rule;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TerminalText.Plain(rule.Title)}  ({TerminalText.Plain(rule.Id)}, {TerminalText.Plain(rule.File)}:{rule.Line})"));
        var source = TermText.SourceOf(rule.Source);
        output.WriteLine($"{ExplanationText.Mark(explanation.SourceApplies)} {new Bilingual("log source", "source").In(language)} {source}: {new Bilingual("the event is", "l’événement est").In(language)} {TermText.SourceOf(picked.Event.Class).In(language)}");
        foreach (var condition in explanation.Conditions)
        {
            foreach (var line in ExplanationLine.Of(condition, whole)) output.WriteLine(ExplanationText.Of(line, language));
        }

        output.WriteLine(explanation.Matches
            ? new Bilingual($"The rule fires for event {picked.Number}.", $"La règle se déclenche pour l’événement {picked.Number}.").In(language)
            : new Bilingual($"The rule does not fire for event {picked.Number}.", $"La règle ne se déclenche pas pour l’événement {picked.Number}.").In(language));
    }

    private static object Document(RuleExplanation explanation, PickedEvent picked) => new
    {
        rule = new { explanation.Rule.Id, explanation.Rule.Title, explanation.Rule.File, explanation.Rule.Line },
        @event = picked.Number,
        explanation.SourceApplies,
        eventClass = picked.Event.Class.ToString(),
        explanation.Matches,
        conditions = explanation.Conditions.Select(Node),
    };

    private static object Node(Explanation explanation) => new
    {
        text = TermText.Of(explanation.Term).English,
        explanation.Holds,
        line = explanation.Term switch { Term.Field field => field.Line, Term.Keyword keyword => keyword.Line, _ => (int?)null },
        values = explanation.Values.IsEmpty ? null : explanation.Values.Select(value => new { value.Name, value.Value }),
        why = new { en = explanation.Why.English, fr = explanation.Why.French },
        parts = explanation.Parts.IsEmpty ? null : explanation.Parts.Select(Node),
    };

    private sealed record Choice(string? Record, long? Number);
}
