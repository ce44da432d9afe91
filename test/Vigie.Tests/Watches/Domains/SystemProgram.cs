using System.Diagnostics;

namespace Vigie.Tests.Watches.Domains;

/// <summary>Programs of the machine that some tests need; <c>./vigie test</c> installs them.</summary>
internal static class SystemProgram
{
    public static string? Find(string name, string usualPath) =>
        File.Exists(usualPath)
            ? usualPath
            : Environment.GetEnvironmentVariable("PATH")?.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The program's path; without it the test is skipped by name, or fails where the full run was asked for.</summary>
    public static string Require(string name, string usualPath)
    {
        var path = Find(name, usualPath);
        if (path is not null) return path;
        if (Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail($"{name} is not installed: run ./vigie test");
        Assert.Skip($"{name} is not installed; ./vigie test installs it");
        return "";
    }

    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
