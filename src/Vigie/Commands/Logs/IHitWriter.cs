namespace Vigie.Commands.Logs;

/// <summary>Writes findings in one form, as they come. Called by one thread.</summary>
internal interface IHitWriter
{
    /// <summary>Writes one.</summary>
    void Write(LogHit hit);

    /// <summary>Writes what comes after the last. Does not close the output.</summary>
    void End(ScanSummary summary);
}
