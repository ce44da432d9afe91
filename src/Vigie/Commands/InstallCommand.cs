using System.CommandLine;
using Vigie.Operations.Install;

namespace Vigie.Commands;

/// <summary><c>vigie install</c> and <c>vigie uninstall</c>: the node as a hardened system service.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        var options = new PlanOptions();
        var noStart = new Option<bool>("--no-start") { Description = "Write everything, but do not start it." };
        var command = new Command("install", "Install the node as a system service of its own user (as root).") { noStart };
        options.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            var plan = options.Plan(result, start: !result.GetValue(noStart));
            if (Blocked(result, options, plan) is { } code) return code;
            var done = await ApplyAsync(result, options, plan.Install(AppContext.BaseDirectory.TrimEnd('/')), token);
            if (done == ExitCodes.Ok && !options.IsDry(result)) SayWhatIsNext(result, plan);
            return done;
        });
        return command.WithExamples(
            ("vigie install --dry-run", "Print every step and every file, and change nothing."),
            ("sudo vigie install", "Install, start, and say what to add to Postfix."),
            ("vigie install --root ./package", "Write the files under a folder, for a package."));
    }

    public static Command CreateUninstall()
    {
        var options = new PlanOptions();
        var purge = new Option<bool>("--purge") { Description = "Remove settings, data and the user too. There is no way back." };
        var force = new Option<bool>("--force") { Description = "Even if Postfix still sends its mail through Vigie." };
        var command = new Command("uninstall", "Remove what install wrote; settings and data stay (as root).") { purge, force };
        options.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            var plan = options.Plan(result, start: false);
            if (Blocked(result, options, plan) is { } code) return code;
            if (!result.GetValue(force) && !options.IsDry(result) && plan.Root == "/" && PostfixStillAsks() is { } line)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"Postfix still has \"{line}\": its mail would wait for a milter that is gone. Take Vigie out of main.cf and reload Postfix first (or --force).");
                return ExitCodes.Failed;
            }

            return await ApplyAsync(result, options, plan.Uninstall(result.GetValue(purge)), token);
        });
        return command.WithExamples(
            ("vigie uninstall --dry-run", "Print what would be removed."),
            ("sudo vigie uninstall --purge", "Remove everything, the data too."));
    }

    private static int? Blocked(ParseResult result, PlanOptions options, InstallPlan plan)
    {
        var error = result.InvocationConfiguration.Error;
        if (options.IsDry(result) || plan.Root != "/") return null;
        if (!Environment.IsPrivilegedProcess)
        {
            error.WriteLine("This changes the machine and needs root: sudo vigie install (or --dry-run to look).");
            return ExitCodes.Failed;
        }

        // The unit has ProtectHome=yes, and the service's user could not read another's home anyway.
        if (InstallPlan.DotnetRoot.StartsWith("/root", StringComparison.Ordinal) || InstallPlan.DotnetRoot.StartsWith("/home", StringComparison.Ordinal))
        {
            error.WriteLine($".NET runs from {InstallPlan.DotnetRoot}, which a service cannot read. Install .NET for the whole system (/usr/share/dotnet or /usr/lib/dotnet) first.");
            return ExitCodes.Failed;
        }

        return null;
    }

    private static async Task<int> ApplyAsync(ParseResult result, PlanOptions options, IReadOnlyList<InstallStep> steps, CancellationToken token)
    {
        var output = result.InvocationConfiguration.Output;
        foreach (var step in steps)
        {
            await output.WriteLineAsync(step.Describe());
            if (!options.IsDry(result)) await step.RunAsync(token);
            else if (step.Detail is { } detail)
                foreach (var line in detail.TrimEnd('\n').Split('\n')) await output.WriteLineAsync("    " + line);
        }

        return ExitCodes.Ok;
    }

    private static void SayWhatIsNext(ParseResult result, InstallPlan plan)
    {
        var output = result.InvocationConfiguration.Output;
        if (plan.Root != "/") return;
        output.WriteLine();
        if (!InstallPlan.SystemdRuns) output.WriteLine("systemd does not run here: the units are written, and nothing was started.");
        output.WriteLine($"Next: name your domains in {InstallPlan.SettingsFile}, then \"vigie doctor\" prints the lines for Postfix.");
        output.WriteLine("The one-time set-up link of the console is in: journalctl -u vigie");
    }

    private static string? PostfixStillAsks()
    {
        const string mainCf = "/etc/postfix/main.cf";
        return File.Exists(mainCf)
            ? File.ReadLines(mainCf).FirstOrDefault(l => l.Contains("_milters", StringComparison.Ordinal) && !l.StartsWith('#') && (l.Contains("vigie/", StringComparison.Ordinal) || l.Contains(":8892", StringComparison.Ordinal)))
            : null;
    }

    private sealed class PlanOptions
    {
        private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print everything that would be done, and do nothing." };
        private readonly Option<string> _root = new("--root") { Description = "Write under this folder instead of / (no user, no systemd).", DefaultValueFactory = _ => "/", HelpName = "FOLDER" };
        private readonly Option<string> _spool = new("--spool") { Description = "Postfix's queue folder.", DefaultValueFactory = _ => "/var/spool/postfix", HelpName = "FOLDER" };

        public void AddTo(Command command)
        {
            command.Add(_dryRun);
            command.Add(_root);
            command.Add(_spool);
        }

        public bool IsDry(ParseResult result) => result.GetValue(_dryRun);

        public InstallPlan Plan(ParseResult result, bool start) => new(Path.GetFullPath(result.GetValue(_root)!), result.GetValue(_spool)!.TrimEnd('/'), start);
    }
}
