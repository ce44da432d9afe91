using System.ComponentModel;
using System.Diagnostics;

namespace Vigie.Watches.Mail.Queue;

/// <summary>
/// The hold queue by Postfix's own programs, <c>postsuper(1)</c> and <c>postqueue(1)</c>; needs root. Programs are
/// named by absolute path and get an empty environment: nothing of the caller decides what runs.
/// </summary>
/// <param name="configDirectory">Postfix's configuration folder; null for the machine's own Postfix.</param>
internal sealed class PostfixPrograms(string? configDirectory) : IHoldQueue
{
    private static readonly TimeSpan ProgramLimit = TimeSpan.FromSeconds(60);

    public async Task<QueueReply> ActAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken)
    {
        // The queue is named in every call, so that postsuper itself refuses a message that has left it.
        var flag = verb switch { QueueVerb.Release => "-H", QueueVerb.Return => "-f", _ => "-d" };
        try
        {
            var run = await RunAsync("postsuper", [flag, queueId, "hold"], cancellationToken);
            if (run.ExitCode != 0) return new QueueReply(QueueOutcome.Unavailable, run.LastLine("postsuper failed"));
            // "postsuper: B17EEB1E312: released from hold", and no such line for an id it did not find.
            if (!run.Text.Contains(queueId + ": ", StringComparison.Ordinal))
            {
                return (await ListAsync(cancellationToken)).Contains(queueId)
                    ? new QueueReply(QueueOutcome.Unavailable, run.LastLine("postsuper did nothing"))
                    : new QueueReply(QueueOutcome.NotHeld, "the hold queue has no such message");
            }

            return verb == QueueVerb.Delete
                ? new QueueReply(QueueOutcome.Done, "deleted")
                : await ScheduleAsync(verb, queueId, cancellationToken);
        }
        catch (QueueUnavailableException e)
        {
            return new QueueReply(QueueOutcome.Unavailable, e.Message);
        }
    }

    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken)
    {
        var run = await RunAsync("postconf", ["-h", "queue_directory"], cancellationToken);
        var directory = run.Text.Trim();
        if (run.ExitCode != 0 || !Path.IsPathFullyQualified(directory)) throw new QueueUnavailableException(run.LastLine("postconf failed"));
        try
        {
            // hash_queue_names may spread the queue over subfolders of one character each.
            var everywhere = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = false };
            return Directory.EnumerateFiles(Path.Combine(directory, "hold"), "*", everywhere)
                .Select(path => Path.GetFileName(path))
                .Where(name => QueueIds.IsValid(name))
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QueueUnavailableException($"the hold queue cannot be read: {e.Message}", e);
        }
    }

    // postsuper moves the message to the deferred queue, which is looked at every few minutes; "-i" asks for it now.
    private async Task<QueueReply> ScheduleAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken)
    {
        var done = verb == QueueVerb.Release ? "released" : "returned to the sender";
        var run = await RunAsync("postqueue", ["-i", queueId], cancellationToken);
        return new QueueReply(QueueOutcome.Done, run.ExitCode == 0 ? done : $"{done}; Postfix takes it up within its queue_run_delay ({run.LastLine("postqueue failed")})");
    }

    private async Task<ProgramRun> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/usr/sbin/" + program, configDirectory is null ? arguments : ["-c", configDirectory, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProgramLimit);
        try
        {
            using var process = Process.Start(start) ?? throw new QueueUnavailableException($"{program} did not start");
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(limit.Token);
                var error = process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return new ProgramRun(process.ExitCode, await output + await error);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill();
                throw new QueueUnavailableException($"{program} did not end within {ProgramLimit.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception e)
        {
            throw new QueueUnavailableException($"{start.FileName} cannot be run: {e.Message}", e);
        }
    }

    private readonly record struct ProgramRun(int ExitCode, string Text)
    {
        public string LastLine(string otherwise) =>
            Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : otherwise;
    }
}
