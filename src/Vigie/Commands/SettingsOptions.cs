using System.CommandLine;
using Vigie.Operations;

namespace Vigie.Commands;

/// <summary>
/// <c>--settings</c> and <c>--data</c>, the same on every verb that needs the settings:
/// <c>var options = new SettingsOptions(); command.Add(options.File); command.Add(options.Data);</c>
/// and in the action <c>if (options.Load(result) is not { } settings) return ExitCodes.Usage;</c>
/// </summary>
internal sealed class SettingsOptions
{
    /// <summary>Where settings are looked for when <c>--settings</c> is not given, first that exists.</summary>
    internal static readonly string[] DefaultFiles = ["vigie.yaml", "/etc/vigie/vigie.yaml"];

    public Option<string?> File { get; } = new("--settings") { Description = "Settings file (default: ./vigie.yaml, else /etc/vigie/vigie.yaml, else defaults).", HelpName = "FILE" };

    public Option<string?> Data { get; } = new("--data") { Description = "Folder of the store, sockets and keys (default: ./data, or dataDirectory in the settings).", HelpName = "FOLDER" };

    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(Data);
    }

    /// <summary>The file that <see cref="Load"/> reads; null when there is none and the defaults apply.</summary>
    public string? FileOf(ParseResult result) => result.GetValue(File) ?? DefaultFiles.FirstOrDefault(System.IO.File.Exists);

    /// <summary>The validated settings; null after the problems were written to standard error as <c>file:line: key: text</c>.</summary>
    public Settings? Load(ParseResult result)
    {
        var file = FileOf(result);
        var settings = Settings.Load(file, result.GetValue(Data), out var problems);
        if (problems.Count == 0) return settings;

        foreach (var problem in problems)
            result.InvocationConfiguration.Error.WriteLine(Line(file, problem));
        return null;
    }

    internal static string Line(string? file, SettingsProblem problem)
    {
        var place = problem.Line > 0 ? $"{file ?? "vigie.yaml"}:{problem.Line}" : file ?? "vigie.yaml";
        return problem.Key.Length > 0 ? $"{place}: {problem.Key}: {problem.Text}" : $"{place}: {problem.Text}";
    }
}
