using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Npgsql;

namespace Vigie.Commands.Eval.Placing;

/// <summary><c>vigie eval placing</c>: how fast findings are joined to incidents.</summary>
internal static class PlacingCommand
{
    private const int MostFindings = 10_000_000;

    public static Command Create()
    {
        var findings = new Option<int>("--findings") { Description = "How many findings are in memory when placing is measured.", HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var entities = new Option<int>("--entities") { Description = "How many hosts, accounts, addresses, domains and hashes they are about.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var store = new Option<string?>("--store") { Description = "Measure with a store as well, made for the measurement: sqlite, in a temporary folder, or the connection string of an empty PostgreSQL database.", HelpName = "STORE" };
        var json = new Option<bool>("--json") { Description = "Everything measured as one JSON document." };
        findings.Within(1, MostFindings);
        entities.Within(20, MostFindings);
        store.Validators.Add(CheckStore);
        var command = new Command("placing", "Measure how long placing a finding takes among a million others, and what that takes of memory.") { findings, entities, store, json };
        command.SetAction((result, token) => RunAsync(result, result.GetValue(findings), result.GetValue(entities), result.GetValue(store), result.GetValue(json), token));
        return command.WithExamples(
            ("vigie eval placing", "The whole table, in about a minute. Exit code 1 when a target is missed."),
            ("vigie eval placing --store sqlite", "Saved, placed and committed, beside a million findings in a store, in some minutes."),
            ("vigie eval placing --findings 100000 --entities 20000 --json", "A smaller one, for a program to read."));
    }

    private static async Task<int> RunAsync(ParseResult result, int findings, int entities, string? store, bool json, CancellationToken token)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var figures = store is null
            ? new PlacingEvaluation(findings, entities, error, token).Run()
            : await new DurablePlacing(findings, entities, store, error, token).RunAsync();
        if (json) await output.WriteLineAsync(JsonSerializer.Serialize(new { evaluation = "placing", figures }, JsonOutput.Options));
        else await EvaluationText.WriteAsync(output, figures);
        return figures.Any(figure => figure.Met == false) ? ExitCodes.Found : ExitCodes.Ok;
    }

    private static void CheckStore(OptionResult result)
    {
        if (result.Tokens is not [var token] || token.Value == "sqlite") return;
        try
        {
            if (!string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(token.Value).Host)) return;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Said below; the value may hold a password, so it is not repeated.
        }

        result.AddError($"{result.Option.Name}: sqlite or a connection string such as \"Host=/run/postgresql;Database=vigie_eval;Username=vigie\" is expected.");
    }
}
