using System.Diagnostics;

namespace Vigie.Tests;

/// <summary>
/// Programs of the system that some tests drive. <c>./vigie test</c> installs them and sets <c>VIGIE_TEST_FULL=1</c>:
/// then a missing one is a failure. Without it the test is skipped by name.
/// </summary>
internal static class SystemPrograms
{
    public static void Need(string path)
    {
        if (File.Exists(path)) return;
        if (Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail($"{path} is missing: run ./vigie test, which installs what the tests need");
        Assert.Skip($"needs {path}; ./vigie test installs it");
    }

    public static void NeedRoot(string why)
    {
        if (Environment.IsPrivilegedProcess) return;
        if (Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail($"needs root: {why}");
        Assert.Skip($"needs root: {why}");
    }

    /// <summary>Runs to the end; both streams as one text.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
