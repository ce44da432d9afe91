namespace Vigie.Watches.Logs.Sources;

/// <summary>Where logs come from. One file each; a new kind is added here and in <see cref="LogSourceKind"/>.</summary>
internal interface ILogSource
{
    /// <summary>Its name in the settings.</summary>
    string Name { get; }

    /// <summary>
    /// Hands in what comes, until cancelled. It may throw when its surroundings break: it is then started again after a
    /// pause, and goes on from what was committed.
    /// </summary>
    Task RunAsync(CancellationToken ct);
}
