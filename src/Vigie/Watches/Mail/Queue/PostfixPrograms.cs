using Vigie.Operations;

namespace Vigie.Watches.Mail.Queue;

/// <summary>
/// The hold queue by Postfix's own programs, <c>postsuper(1)</c> and <c>postqueue(1)</c>; needs root. Programs are
/// named by absolute path.
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
            if (!run.Error.Contains(queueId + ": ", StringComparison.Ordinal))
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
        var directory = run.Output.Trim();
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
        try
        {
            return await SystemProgram.RunAsync("/usr/sbin/" + program, configDirectory is null ? arguments : ["-c", configDirectory, .. arguments], ProgramLimit, cancellationToken);
        }
        catch (IOException e)
        {
            throw new QueueUnavailableException(e.Message, e);
        }
    }
}
