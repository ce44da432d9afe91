using System.Runtime.InteropServices;

namespace Vigie.Operations.Install;

/// <summary>
/// What <c>vigie install</c> does, as data, so that <c>--dry-run</c> shows exactly what would be done.
/// The node runs as the user <c>vigie</c> without any privilege; one socket leads to one helper for held mail.
/// </summary>
/// <param name="Root">Put before every path that is written, for packagers and tests; "/" for this machine.</param>
/// <param name="Spool">Postfix's queue folder.</param>
/// <param name="Start">Whether systemd is told to start it all.</param>
internal sealed record InstallPlan(string Root, string Spool, bool Start)
{
    public const string User = "vigie";
    public const string ProgramFolder = "/opt/vigie";
    public const string SettingsFile = "/etc/vigie/vigie.yaml";
    public const string DataFolder = "/var/lib/vigie";
    public const string CommandLink = "/usr/local/bin/vigie";
    public const string UnitFolder = "/etc/systemd/system";

    public static readonly string[] Units = ["vigie.service", "vigie-queue.socket", "vigie-queue@.service"];

    private bool OnThisMachine => Root == "/";

    /// <summary>The folder of the .NET runtime this process runs on, which the service will use too.</summary>
    public static string DotnetRoot =>
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.x/
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public IReadOnlyList<InstallStep> Install(string programSource)
    {
        List<InstallStep> steps = [];
        if (OnThisMachine) steps.Add(new MakeUser(User, DataFolder));
        steps.Add(new CopyProgram(programSource, At(ProgramFolder)));
        steps.Add(new MakeLink(At(CommandLink), ProgramFolder + "/vigie"));
        steps.Add(new MakeFolder(At(Path.GetDirectoryName(SettingsFile)!), Convert.ToInt32("755", 8), null));
        steps.Add(new WriteFile(At(SettingsFile), Text("vigie.yaml"), Convert.ToInt32("640", 8), Owned("root:" + User), Keep: true));
        steps.Add(new MakeFolder(At(DataFolder), Convert.ToInt32("700", 8), Owned($"{User}:{User}")));
        // Set-group-id: the milter's socket made in it belongs to Postfix's group, without the node being in that group.
        if (Directory.Exists(At(Spool))) steps.Add(new MakeFolder(At(Spool + "/vigie"), Convert.ToInt32("2750", 8), Owned(User + ":postfix")));
        steps.AddRange(Units.Select(unit => new WriteFile(At($"{UnitFolder}/{unit}"), Text(unit), Convert.ToInt32("644", 8), null)));
        if (!OnThisMachine) return steps;

        if (SystemdRuns) steps.Add(new RunProgram("systemctl", ["daemon-reload"]));
        if (SystemdRuns && Start)
        {
            steps.Add(new RunProgram("systemctl", ["enable", "--now", "vigie-queue.socket"]));
            steps.Add(new RunProgram("systemctl", ["enable", "vigie.service"]));
            steps.Add(new RunProgram("systemctl", ["restart", "vigie.service"]));
        }

        return steps;
    }

    /// <param name="purge">Whether settings, data and user go too.</param>
    public IReadOnlyList<InstallStep> Uninstall(bool purge)
    {
        List<InstallStep> steps = [];
        if (OnThisMachine && SystemdRuns) steps.Add(new RunProgram("systemctl", ["disable", "--now", "vigie.service", "vigie-queue.socket"], MayFail: true));
        steps.AddRange(Units.Select(unit => new Remove(At($"{UnitFolder}/{unit}"))));
        steps.AddRange([new Remove(At(CommandLink)), new Remove(At(ProgramFolder)), new Remove(At(Spool + "/vigie"))]);
        if (purge) steps.AddRange([new Remove(At(Path.GetDirectoryName(SettingsFile)!)), new Remove(At(DataFolder))]);
        if (purge && OnThisMachine) steps.Add(new RemoveUser(User));
        if (OnThisMachine && SystemdRuns) steps.Add(new RunProgram("systemctl", ["daemon-reload"]));
        return steps;
    }

    /// <summary>Whether systemd is this machine's service manager (<c>sd_booted(3)</c>).</summary>
    public static bool SystemdRuns => Directory.Exists("/run/systemd/system");

    private string At(string path) => OnThisMachine ? path : Root.TrimEnd('/') + path;

    private string? Owned(string owner) => OnThisMachine ? owner : null;

    private string Text(string name)
    {
        using var stream = typeof(InstallPlan).Assembly.GetManifestResourceStream("install/" + name)
            ?? throw new InvalidOperationException($"the resource install/{name} is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace("{program}", ProgramFolder, StringComparison.Ordinal)
            .Replace("{dotnet}", DotnetRoot, StringComparison.Ordinal)
            .Replace("{spool}", Spool, StringComparison.Ordinal);
    }
}
