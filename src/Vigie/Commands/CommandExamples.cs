using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Vigie.Commands;

/// <summary>One line a reader can copy, and what it does.</summary>
internal sealed record CommandExample(string Line, string Does);

/// <summary>Examples that <c>--help</c> prints beneath a verb's options: <c>command.WithExamples(("vigie twist army.mil", "…"))</c>.</summary>
internal static class CommandExamples
{
    private static readonly ConditionalWeakTable<Command, CommandExample[]> Table = [];

    public static T WithExamples<T>(this T command, params (string Line, string Does)[] examples) where T : Command
    {
        Table.AddOrUpdate(command, [.. examples.Select(e => new CommandExample(e.Line, e.Does))]);
        return command;
    }

    public static IReadOnlyList<CommandExample> Of(Command command) => Table.TryGetValue(command, out var examples) ? examples : [];

    /// <summary>Makes the help of every command end with its examples.</summary>
    public static void AddToHelp(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is SynchronousCommandLineAction help) option.Action = new HelpWithExamples(help);
    }

    private sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var examples = Of(parseResult.CommandResult.Command);
            if (examples.Count == 0) return code;

            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example.Line}");
                output.WriteLine($"      {example.Does}");
            }

            output.WriteLine();
            return code;
        }
    }
}
