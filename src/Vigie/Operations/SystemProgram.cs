using System.ComponentModel;
using System.Diagnostics;

namespace Vigie.Operations;

/// <summary>
/// Runs a program of the system to its end. It gets a fixed environment and no input: nothing of the caller's
/// surroundings decides what it does, which matters most where the caller is root.
/// </summary>
internal static class SystemProgram
{
    /// <param name="program">Its absolute path, or its name.</param>
    /// <param name="arguments">Passed as they are; no shell reads them.</param>
    /// <param name="limit">How long it may run before it is killed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="IOException">It cannot be run, or did not end in time.</exception>
    public static async Task<ProgramRun> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";

        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(limit);
        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bounded.Token);
            var error = process.StandardError.ReadToEndAsync(bounded.Token);
            await process.WaitForExitAsync(bounded.Token);
            return new ProgramRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            throw new IOException($"{program} did not end within {limit.TotalSeconds:0} s");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException($"{start.FileName} did not start");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{start.FileName} cannot be run: {e.Message}", e);
        }
    }
}

/// <summary>How a program ended and what it wrote.</summary>
internal readonly record struct ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>The last line it wrote, which is where programs say why; standard error first.</summary>
    public string LastLine(string otherwise) =>
        (Output + Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : otherwise;
}
