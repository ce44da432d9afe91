using System.Globalization;
using System.Text.RegularExpressions;
using Vigie.Commands;
using Vigie.Operations;
using Vigie.Operations.Install;
using Vigie.Tests.Commands;

namespace Vigie.Tests.Operations.Install;

public sealed partial class InstallPlanTests : IDisposable
{
    private const string Analyze = "/usr/bin/systemd-analyze";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_dry_run_prints_every_step_and_file_and_changes_nothing()
    {
        var run = await CommandLine.RunAsync("install", "--dry-run");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains("make the system user vigie", run.Output, StringComparison.Ordinal);
        Assert.Contains("    NoNewPrivileges=yes", run.Output, StringComparison.Ordinal);
        Assert.Contains("    ListenStream=/run/vigie-queue.sock", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{program}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{dotnet}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{spool}", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(InstallPlan.ProgramFolder) && !File.Exists(InstallPlan.ProgramFolder + "/vigie"));
    }

    [Fact]
    public async Task Install_writes_a_program_that_runs_and_keeps_settings_on_a_second_run()
    {
        var root = _folder.Combine("root");
        Directory.CreateDirectory(root + "/var/spool/postfix");
        Assert.Equal(ExitCodes.Ok, (await CommandLine.RunAsync("install", "--root", root)).ExitCode);

        var (code, version) = await SystemPrograms.RunAsync(root + "/opt/vigie/vigie", "--version");
        Assert.Equal((0, NodeMetrics.Version), (code, version.Trim()));
        Assert.True(Directory.Exists(root + "/var/spool/postfix/vigie"));

        await File.WriteAllTextAsync(root + InstallPlan.SettingsFile, "# mine\n", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Ok, (await CommandLine.RunAsync("install", "--root", root)).ExitCode);
        Assert.Equal("# mine\n", await File.ReadAllTextAsync(root + InstallPlan.SettingsFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Uninstall_removes_what_install_wrote_but_keeps_settings_and_data_until_purged()
    {
        var root = _folder.Combine("root");
        await CommandLine.RunAsync("install", "--root", root);
        Assert.Equal(ExitCodes.Ok, (await CommandLine.RunAsync("uninstall", "--root", root)).ExitCode);
        Assert.Equal([InstallPlan.SettingsFile], FilesUnder(root));
        Assert.True(Directory.Exists(root + InstallPlan.DataFolder));

        await CommandLine.RunAsync("uninstall", "--root", root, "--purge");
        Assert.Empty(FilesUnder(root));
        Assert.False(Directory.Exists(root + InstallPlan.DataFolder));
    }

    [Fact]
    public async Task The_settings_that_install_writes_are_good()
    {
        var root = _folder.Combine("root");
        await CommandLine.RunAsync("install", "--root", root);
        var run = await CommandLine.RunAsync("config", "check", root + InstallPlan.SettingsFile);
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output);
    }

    [Fact]
    public async Task Systemd_accepts_the_units()
    {
        SystemPrograms.Need(Analyze);
        var units = await WriteUnitsAsync();
        var (code, text) = await SystemPrograms.RunAsync(Analyze, ["verify", .. units]);
        Assert.True(code == 0, text);
        Assert.DoesNotContain("Unknown", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ignoring", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("vigie.service")]
    [InlineData("vigie-queue@x.service")]
    public async Task Systemd_rates_the_exposure_of_both_services_low(string unit)
    {
        SystemPrograms.Need(Analyze);
        var root = _folder.Combine("root");
        await CommandLine.RunAsync("install", "--root", root);
        var (_, text) = await SystemPrograms.RunAsync(Analyze, "security", "--no-pager", "--offline=true", "--root=" + root, unit);
        var rating = Rating().Match(text);
        Assert.True(rating.Success, text);
        Assert.InRange(double.Parse(rating.Groups[1].Value, CultureInfo.InvariantCulture), 0, 2.0);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Rating();

    // The same units, with the program where it is now: "verify" looks whether it is there.
    private async Task<string[]> WriteUnitsAsync()
    {
        var root = _folder.Combine("root");
        await CommandLine.RunAsync("install", "--root", root);
        return [.. InstallPlan.Units.Select(unit =>
        {
            var text = File.ReadAllText(Path.Combine(root + InstallPlan.UnitFolder, unit));
            return _folder.Write("units/" + unit, text.Replace(InstallPlan.ProgramFolder + "/", root + InstallPlan.ProgramFolder + "/", StringComparison.Ordinal));
        })];
    }

    private static string[] FilesUnder(string root) =>
        [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => f[root.Length..]).Order(StringComparer.Ordinal)];
}
