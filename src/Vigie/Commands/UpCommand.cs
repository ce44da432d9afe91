using System.CommandLine;
using Vigie.Operations;

namespace Vigie.Commands;

/// <summary><c>vigie up</c>: runs the node until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var settingsFile = new Option<string?>("--settings") { Description = "Settings file (default: vigie.yaml where it exists)." };
        var data = new Option<string?>("--data") { Description = "Folder of the store, sockets and keys (default: ./data)." };
        var command = new Command("up", "Run the node.") { settingsFile, data };
        command.SetAction(async (result, token) =>
        {
            var file = result.GetValue(settingsFile) ?? (File.Exists("vigie.yaml") ? "vigie.yaml" : null);
            var settings = Settings.Load(file, result.GetValue(data), out var problems);
            if (problems.Count > 0)
            {
                foreach (var problem in problems)
                    await System.Console.Error.WriteLineAsync($"{file}:{problem.Line}: {problem.Key}: {problem.Text}");
                return ExitCodes.Usage;
            }

            await using var node = Node.Build(settings);
            await node.RunAsync(token);
            return ExitCodes.Ok;
        });
        return command;
    }
}
