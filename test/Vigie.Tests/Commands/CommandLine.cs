using Vigie.Commands;

namespace Vigie.Tests.Commands;

/// <summary>Runs a command line as <c>Program</c> does, and keeps what it writes.</summary>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    public static async Task<CommandLine> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await VigieCommand.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return new CommandLine(code, output.ToString(), error.ToString());
    }
}
