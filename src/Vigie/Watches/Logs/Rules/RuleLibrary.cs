using Vigie.Operations;

namespace Vigie.Watches.Logs.Rules;

/// <summary>
/// The rules the node matches by. Looks at their folders every few seconds, reads what has changed beside the matching, and
/// puts the new rules in place as a whole: an event is matched by the old ones or the new ones, never by half.
/// </summary>
internal sealed class RuleLibrary(LogsSettings settings, TimeProvider time, ILogger<RuleLibrary> log) : IStage
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LoadedRules _current = LoadedRules.None;

    /// <inheritdoc/>
    public string Name => "logs.rules";

    /// <summary>The rules in use; none before they are first loaded.</summary>
    public LoadedRules Current => _current;

    /// <summary>When they were put in place; null before.</summary>
    public DateTimeOffset? LoadedAt { get; private set; }

    /// <summary>Completes when the rules are first in place: matching before would miss what they look for.</summary>
    public Task WhenLoadedAsync(CancellationToken ct) => _loaded.Task.WaitAsync(ct);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var selection = RuleSelection.Of(settings) with { Clock = System.Diagnostics.Stopwatch.GetTimestamp };
        Reload(selection, cancellationToken);
        while (true)
        {
            await Task.Delay(settings.ReloadEvery, time, cancellationToken);
            if (await IsChangedAsync(selection, cancellationToken)) Reload(selection, cancellationToken);
        }
    }

    // Whoever copies a folder of rules does so file by file: it is read once it has stopped changing.
    private async Task<bool> IsChangedAsync(RuleSelection selection, CancellationToken ct)
    {
        var now = RuleLoader.Fingerprint(selection);
        if (now == _current.Fingerprint) return false;
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
            var later = RuleLoader.Fingerprint(selection);
            if (later == now) return later != _current.Fingerprint;
            now = later;
        }
    }

    private void Reload(RuleSelection selection, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var rules = RuleLoader.Load(selection, ct);
        _current = rules;
        LoadedAt = time.GetUtcNow();
        _loaded.TrySetResult();
        log.RulesLoaded(rules.Rules.Length, rules.Files, (long)time.GetElapsedTime(started).TotalMilliseconds, rules.Problems.Count(p => p.IsError));
        foreach (var problem in rules.Problems.Where(p => p.IsError).Take(20)) log.RuleProblem(problem.ToString());
    }
}
