namespace Vigie.Operations;

/// <summary>
/// A part of the node that runs until the node stops. It may throw when its surroundings break: the runner logs,
/// counts, waits and starts it again; the node never falls with it. Register with <c>services.AddStage&lt;T&gt;()</c>.
/// </summary>
internal interface IStage
{
    /// <summary>Stable dotted name, such as <c>domains.watch</c>; seen in logs, metrics and health.</summary>
    string Name { get; }

    /// <summary>Runs until cancelled. Returning earlier means the work is done and it is not started again.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
