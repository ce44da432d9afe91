namespace Vigie.Store;

/// <summary>What is wrong with the store at the moment, as its writer and readers last saw it. Safe for all threads.</summary>
internal sealed class StoreState
{
    private volatile StoreProblem? _write;
    private volatile StoreProblem? _read;

    public StoreProblem? WriteProblem => _write;

    public StoreProblem? Problem => _write ?? _read;

    public void WriteFailed(StoreProblem problem) => _write = problem;

    public void WriteWorked() => _write = null;

    public void ReadFailed(StoreProblem problem) => _read = problem;

    public void ReadWorked() => _read = null;
}
