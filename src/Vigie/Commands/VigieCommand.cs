using System.CommandLine;
using System.CommandLine.Invocation;
using Vigie.Commands.Eval;
using Vigie.Commands.Logs;
using Vigie.Commands.Rules;
using Vigie.Commands.Train;
using Vigie.Store;

namespace Vigie.Commands;

/// <summary>The mode table: one line a verb.</summary>
internal static class VigieCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Vigie: a threat watch for small teams. Stops mail to look-alike domains, watches names and logs, and joins what it finds into incidents.")
        {
            UpCommand.Create(),
            LearnCommand.Create(),
            ScanCommand.Create(),
            TailCommand.Create(),
            RulesCommand.Create(),
            ModeCommand.Create(),
            TwistCommand.Create(),
            ConfigCommand.Create(),
            TrainCommand.Create(),
            EvalCommand.Create(),
            InstallCommand.Create(),
            InstallCommand.CreateUninstall(),
            DomainsCommand.Create(),
            DoctorCommand.Create(),
            CompletionCommand.Create(),
            QueueHelperCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
        };
        root.Add(Language.Option);
        CommandExamples.AddToHelp(root);
        return root;
    }

    /// <summary>Runs one command line; the answer is one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var parsed = Create().Parse(args);
        // One line that says what is wrong, not a page of help around it.
        if (parsed.Action is ParseErrorAction mistake) mistake.ShowHelp = false;
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // On SIGINT and SIGTERM the token is cancelled and the command has this long to end. The node stops within
            // operations.stopWithin by itself (at most ten minutes); this only has to be longer.
            ProcessTerminationTimeout = TimeSpan.FromMinutes(11),
        };
        try
        {
            var code = await parsed.InvokeAsync(configuration, cancellationToken);
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
        catch (StoreException e)
        {
            await error.WriteLineAsync(e.Problem.Text.In(Language.Of(parsed)));
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Stopped;
        }
    }
}
