using System.CommandLine;
using System.Text.Json;
using Vigie.Operations;

namespace Vigie.Commands;

/// <summary><c>vigie config check</c>: names everything that is wrong in the settings, in one run.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var file = new Argument<string?>("file") { Description = "Settings file (default: as for \"up\").", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Problems as a JSON list of {line, key, text}." };
        var check = new Command("check", "Check the settings; every problem is one line \"file:line: key: text\".") { file, json, options.File };
        check.SetAction(result => Check(result, result.GetValue(file) ?? options.FileOf(result), result.GetValue(json)));
        check.WithExamples(
            ("vigie config check", "Check ./vigie.yaml, else /etc/vigie/vigie.yaml. Exit code 1 when something is wrong."),
            ("vigie config check /etc/vigie/vigie.yaml --json", "The same for a program to read."));
        return new Command("config", "Work with the settings file.") { check };
    }

    private static int Check(ParseResult result, string? file, bool json)
    {
        _ = Settings.Load(file, null, out var problems);
        var output = result.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(problems.Select(p => new { file, line = p.Line, key = p.Key, text = p.Text }), JsonOutput.Options));
        }
        else if (problems.Count == 0)
        {
            output.WriteLine(file is null ? "No settings file: the defaults apply." : $"{file}: good.");
        }
        else
        {
            foreach (var problem in problems) output.WriteLine(SettingsOptions.Line(file, problem));
        }

        return problems.Count == 0 ? ExitCodes.Ok : ExitCodes.Found;
    }
}
